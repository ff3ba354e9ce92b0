/**
 * Real layouts of repositories, one Markdown file each. The first test of a file is the correct repository: it names the clusters that are
 * recognised, and nothing above a hint may be found. Every further one changes some of its files, and says what must be found where.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { otherSource } from '../../server/src/base/other-sources.ts';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { knownValue } from '../../server/src/facts/field.ts';
import { configurationText } from '../../server/src/report/configuration-text.ts';
import { type Files, FOLDER, readLayout } from './workspaces.ts';

/** An engine over a workspace that changes. */
class World {
  private readonly failures: unknown[] = [];
  private readonly engine = new Engine({
    configFile: CONFIGURATION,
    onFailure: (rule, error) => this.failures.push([rule, error]),
  });
  private readonly files = new Map<string, string>();

  /** @param changes files with their text; undefined for those that are gone */
  judge(changes: Iterable<readonly [string, string | undefined]>): Snapshot {
    const updates: FileChange[] = [];
    for (const [file, text] of changes) {
      if (text === undefined) this.files.delete(file);
      else this.files.set(file, text);
      // The host reads YAML and templates, and lists JSON; what else builds name it reads when it is asked.
      if (/\.ya?ml$/.test(file) || otherSource(file) !== undefined || this.engine.reads(file))
        updates.push(change(file, text));
      else if (file.endsWith('.json') && text !== undefined) updates.push({ file, listed: true });
    }
    this.engine.update(updates);
    for (let wanted = this.engine.wanted(); wanted.length > 0; wanted = this.engine.wanted())
      this.engine.update(wanted.map((file) => change(file, this.files.get(file))));
    const snapshot = this.engine.settle();
    assert.deepEqual(this.failures, []);
    return snapshot;
  }
}

function change(file: string, text: string | undefined): FileChange {
  return text === undefined ? { file, gone: true } : { file, text };
}

function judge(files: Iterable<readonly [string, string]>): Snapshot {
  return new World().judge(files);
}

/** Such as `mesh1: east on network1, Istio 1.30.2`. */
function clusterLines({ meshes, layout }: Snapshot): string[] {
  return meshes.flatMap((mesh) =>
    mesh.clusters.map(({ id, name }) => {
      const network = knownValue(mesh.network(id).effective);
      const version = knownValue(layout.clusters.get(id)?.install.istioVersion);
      return `${mesh.id}: ${name}${network ? ` on ${network}` : ''}${version === undefined ? '' : `, Istio ${version}`}`;
    }),
  );
}

function filesOfClusters({ layout }: Snapshot): readonly string[] {
  return [...layout.clusters.values()].map(({ name, files }) => `${name}: ${files.join(' ')}`).sort();
}

function found({ findings }: Snapshot): string[] {
  return findings
    .filter(({ severity }) => severity !== 'hint')
    .map(({ location, rule }) => `${location.file}:${location.range.start.line + 1} ${rule.id}`)
    .sort();
}

const CONFIGURATION = '.ambient-multicluster.yaml';

/**
 * What layers leave out may come from any installer: beside one that is not read, it is unknown. And beside control planes, folders without one
 * are no clusters unless they lie below `clusters/`. A meshID that others have too is not the only one, and a waypoint
 * that is missing may be in what is not read.
 */
const JUDGED_ALONE: ReadonlySet<string> = new Set([
  'argo-cd-regions',
  'helm-umbrella-each',
  'layered-values',
  'mesh-id-odd',
  'mesh-ids-separate',
  'one-component-alone',
  'open-cluster-management-placements',
  'terraform-modules',
  'values-elsewhere',
]);

/** Other names for folders, in the same order. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['east', 'kappa'],
  ['west', 'omega'],
  ['cluster1', 'berlin'],
  ['cluster2', 'lisbon'],
]);

function renamed(text: string): string {
  return text.replace(/(?<!east-)\b(?:east|west|cluster1|cluster2)\b(?!-west)/g, (word) => RENAMED.get(word) ?? word);
}

describe('layouts of repositories', () => {
  const names = readdirSync(FOLDER)
    .filter((file) => new RegExp(process.env.LAYOUTS ?? '').test(file))
    .filter((file) => file.endsWith('.md') && !file.startsWith('_'))
    .map((file) => file.slice(0, -3))
    .sort();
  const layouts = new Map(names.map((name) => [name, readLayout(name)]));
  const table: string[] = [];

  for (const [name, { clusters, sound, defects }] of layouts) {
    const isDeclared = sound.files.has(CONFIGURATION);
    describe(name, () => {
      it('tells the clusters', () => {
        assert.deepEqual(clusterLines(judge(sound.files)), clusters);
        table.push(
          `${name.padEnd(36)} ${String(clusters.length).padStart(2)} clusters, ${defects.length} defects found`,
        );
      });
      for (const { title, files, expected } of [sound, ...defects]) {
        it(title, () => {
          const snapshot = judge(files);
          assert.deepEqual(found(snapshot), expected);
          const turned = judge([...files].reverse());
          assert.deepEqual(found(turned), expected, 'the order of files changes the findings');
          assert.deepEqual(clusterLines(turned), clusterLines(snapshot), 'the order of files changes the clusters');
        });
      }
      if (isDeclared) return;
      it('is the same when all of it lies deeper', () => {
        const above = 'platform/mesh/';
        const snapshot = judge([...sound.files].map(([file, text]) => [above + file, text]));
        // The id of a mesh may be that of its folder.
        const lines = clusterLines(snapshot).map((line) => line.replace(above, ''));
        assert.deepEqual(lines, clusters);
        assert.deepEqual(found(snapshot), []);
      });
      it('is the same with the configuration file that says what is inferred', () => {
        const before = judge(sound.files);
        const after = judge(new Map(sound.files).set(CONFIGURATION, configurationText(before, '')));
        assert.deepEqual(filesOfClusters(after), filesOfClusters(before));
        assert.deepEqual(found(after), []);
      });
      it('is the same when its folders and files have other names', () => {
        for (const { files, expected } of [sound, ...defects]) {
          const other = judge([...files].map(([file, text]) => [renamed(file), renamed(text)]));
          if (files === sound.files) assert.deepEqual(clusterLines(other), clusters.map(renamed));
          assert.deepEqual(found(other), expected.map(renamed).sort());
        }
      });
    });
  }

  describe('many of them in one workspace', () => {
    const mixed = [...layouts].filter(
      ([, { clusters, sound }]) => clusters.length > 0 && !sound.files.has(CONFIGURATION),
    );
    const below = (name: string, files: Iterable<readonly [string, string]>): [string, string][] =>
      [...files].map(([file, text]) => [`${name}/${file}`, text]);

    it('are kept apart', () => {
      assert.deepEqual(found(judge(mixed.flatMap(([name, { sound }]) => below(name, sound.files)))), []);
    });

    it('have their defects found, and nothing else', () => {
      const world = new World();
      world.judge(mixed.flatMap(([name, { sound }]) => below(name, sound.files)));
      let restore: readonly (readonly [string, string | undefined])[] = [];
      for (const [name, { sound, defects }] of mixed) {
        if (JUDGED_ALONE.has(name)) continue;
        for (const { title, files, expected } of defects.filter(({ files }) => !files.has(CONFIGURATION))) {
          const concerned = [...new Set([...sound.files.keys(), ...files.keys()])].filter(
            (file) => sound.files.get(file) !== files.get(file),
          );
          const as = (state: Files) => concerned.map((file) => [`${name}/${file}`, state.get(file)] as const);
          const snapshot = world.judge([...restore, ...as(files)]);
          assert.deepEqual(
            found(snapshot),
            expected.map((line) => `${name}/${line}`),
            `${name}: ${title}`,
          );
          restore = as(sound.files);
        }
      }
    });
  });

  after(() => console.log(table.map((line) => `      ${line}`).join('\n')));
});
