/** The identity of a finding, on which baselines rest, survives everything that does not change what is found. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { FIXTURES, type Files, type Fixture, workspace } from '../rules/workspace.ts';

type Change = (files: Files) => Files;

function idsOf(files: Files, { version }: Fixture): readonly string[] {
  const options = version === undefined ? {} : { istioVersion: version };
  const engine = new Engine({ ...options, configFile: '.ambient-multicluster.yaml', today: '2026-11-24' });
  const { findings } = engine.apply([...files].map(([file, text]) => ({ file, text })));
  // Those of the engine itself are about a place in a file.
  return findings.flatMap(({ id, mesh, rule }) => (mesh === '' ? [] : `${rule.id} ${id}`)).sort();
}

const isManifest = (file: string): boolean =>
  /\.ya?ml$/.test(file) && !/(^|\/)(\.|kustomization|Chart|[\w-]*values)/.test(file);

/** Each file as another one. */
const eachFile =
  (change: (file: string, text: string) => readonly [string, string]): Change =>
  (files) =>
    new Map([...files].map(([file, text]) => (isManifest(file) ? change(file, text) : [file, text])));

const CHANGES: Readonly<Record<string, Change>> = {
  'moved lines': eachFile((file, text) => [file, `# one\n\n# two\n${text}`]),
  'CRLF line endings': (files) => new Map([...files].map(([file, text]) => [file, text.replaceAll('\n', '\r\n')])),
  'renamed files': eachFile((file, text) => [file.replace(/[^/]*$/, 'new-$&'), text]),
};

describe('identities of findings, over all fixtures', () => {
  for (const [name, change] of Object.entries(CHANGES)) {
    it(`survive ${name}`, () => {
      let seen = 0;
      for (const [rule, tests] of FIXTURES) {
        for (const test of tests) {
          const { files } = workspace(test);
          const before = idsOf(files, test);
          assert.deepEqual(idsOf(change(files), test), before, `${rule}: ${test.title}`);
          seen += before.length;
        }
      }
      assert.ok(seen > 50, `${seen} findings`);
    });
  }

  for (const name of ['aberdeen', 'midlands'])
    it(`survive a third cluster ${name}`, () => {
      for (const [rule, tests] of FIXTURES) {
        for (const test of tests) {
          const { files } = workspace(test);
          const before = idsOf(files, test);
          // Like east, but on a network of its own, and with a name that no fixture uses.
          const third = [...files].flatMap(([file, text]) =>
            file.startsWith('clusters/east/')
              ? [
                  [
                    file.replace('east', name),
                    text.replaceAll('network1', 'network9').replaceAll(/(?<![\w-])east(?![\w-])/g, name),
                  ] as const,
                ]
              : [],
          );
          const after = new Set(idsOf(new Map([...files, ...third]), test));
          assert.deepEqual(
            before.filter((id) => !after.has(id)),
            [],
            `${rule}: ${test.title}`,
          );
        }
      }
    });
});
