/**
 * Real layouts of repositories, one Markdown file each. The first test of a file is the correct repository: it names the clusters that are
 * recognised, and nothing above a hint may be found. Every further one changes some of its files, and says what must be found where.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readFixtures, takeExpectations } from '../../scripts/fixtures.mjs';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { knownValue } from '../../server/src/facts/field.ts';

const FOLDER = 'test/layouts';
/** The fence that lists the clusters, one a line. */
const CLUSTERS = 'clusters';

type Files = ReadonlyMap<string, string>;

interface Workspace {
  readonly title: string;
  readonly files: Files;
  /** `file:line rule`, in order. */
  readonly expected: readonly string[];
}

/** The workspaces of a file; each further one stands on the first. */
function workspaces(name: string): { readonly clusters: readonly string[]; readonly all: readonly Workspace[] } {
  const [first, ...others] = readFixtures(readFileSync(`${FOLDER}/${name}.md`, 'utf8'));
  assert.ok(first, name);
  const { text } = first.files.find(({ path }) => path === CLUSTERS) ?? { text: '' };
  const base = new Map(first.files.filter(({ path }) => path !== CLUSTERS).map((file) => [file.path, file.text]));
  return {
    clusters: text.split('\n').filter((line) => line !== ''),
    all: [first, ...others].map((test) => {
      const files = new Map(base);
      const expected: string[] = [];
      for (const path of test.without) assert.ok(files.delete(path), `nothing to leave out at ${path}`);
      for (const { path, text: marked } of test.files) {
        if (path === CLUSTERS) continue;
        const taken = takeExpectations(marked);
        files.set(path, taken.text);
        for (const { line, rule } of taken.expected) expected.push(`${path}:${line + 1} ${rule}`);
      }
      return { title: test.title, files, expected: expected.sort() };
    }),
  };
}

function judge(files: Iterable<readonly [string, string]>): Snapshot {
  const all = new Map(files);
  const failures: unknown[] = [];
  const engine = new Engine({
    configFile: '.ambient-multicluster.yaml',
    onRuleFailure: (rule, error) => failures.push([rule, error]),
  });
  // The host reads YAML; what else builds name it reads when it is asked.
  engine.update([...all].filter(([file]) => /\.ya?ml$/.test(file)).map(([file, text]) => ({ file, text })));
  for (let wanted = engine.wanted(); wanted.length > 0; wanted = engine.wanted()) {
    engine.update(
      wanted.map((file): FileChange => {
        const text = all.get(file);
        return text === undefined ? { file, gone: true } : { file, text };
      }),
    );
  }
  const snapshot = engine.settle();
  assert.deepEqual(failures, []);
  return snapshot;
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

function found({ findings }: Snapshot): string[] {
  return findings
    .filter(({ severity }) => severity !== 'hint')
    .map(({ location, rule }) => `${location.file}:${location.range.start.line + 1} ${rule.id}`)
    .sort();
}

describe('layouts of repositories', () => {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -3))
    .sort();
  const table: string[] = [];

  for (const name of names) {
    describe(name, () => {
      const { clusters, all } = workspaces(name);
      it('tells the clusters', () => {
        const snapshot = judge(all[0]?.files ?? []);
        assert.deepEqual(clusterLines(snapshot), clusters);
        table.push(
          `${name.padEnd(36)} ${String(clusters.length).padStart(2)} clusters, ${all.length - 1} defects found`,
        );
      });
      for (const { title, files, expected } of all) {
        it(title, () => {
          const snapshot = judge(files);
          assert.deepEqual(found(snapshot), expected);
          const turned = judge([...files].reverse());
          assert.deepEqual(found(turned), expected, 'the order of files changes the findings');
          assert.deepEqual(clusterLines(turned), clusterLines(snapshot), 'the order of files changes the clusters');
        });
      }
      it('is the same when all of it lies deeper', () => {
        const deeper = [...(all[0]?.files ?? [])].map(([file, text]) => [`platform/mesh/${file}`, text] as const);
        if (deeper.some(([file]) => file.includes('.ambient-multicluster'))) return;
        const snapshot = judge(deeper);
        assert.deepEqual(clusterLines(snapshot), clusters);
        assert.deepEqual(found(snapshot), []);
      });
    });
  }

  it('are kept apart where several lie in one workspace', () => {
    const sound = names.filter((name) => workspaces(name).clusters.length > 0);
    const all = sound.flatMap((name) =>
      [...(workspaces(name).all[0]?.files ?? [])]
        .filter(([file]) => !file.includes('.ambient-multicluster'))
        .map(([file, text]) => [`${name}/${file}`, text] as const),
    );
    const snapshot = judge(all);
    assert.deepEqual(found(snapshot), []);
  });

  after(() => console.log(table.map((line) => `      ${line}`).join('\n')));
});
