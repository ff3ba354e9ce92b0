/** A variable that Flux leaves empty in one cluster, although another one sets it. */
import assert from 'node:assert/strict';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const FACTS = 'clusters/par/facts.yaml';
const MESH = 'clusters/par/mesh.yaml';

/** What is said of Kustomizations where a file is another one. */
function told(file: string, change: (text: string) => string): readonly string[] {
  const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
  const before = files[file] ?? '';
  files[file] = change(before);
  assert.notEqual(files[file], before);
  return engineOf(files)
    .snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization')
    .map(
      ({ severity, location, message }) => `${location.file}:${location.range.start.line + 1} ${severity} ${message}`,
    );
}

const MESSAGE =
  'Kustomization mesh does not set cluster, as clusters/lon/facts.yaml does: Flux leaves empty what is filled in with it, or, if it is strict, applies nothing. Set it here, too.';

describe('a variable of a Flux Kustomization that another cluster sets', () => {
  it('is missed where more of them are written', () => {
    assert.deepEqual(
      told(FACTS, (text) => text.replace(/ {2}cluster: par\n/, '')),
      [`${FACTS}:6 warning ${MESSAGE}`],
    );
    assert.deepEqual(
      told(MESH, (text) => text.replace(/ {4}substituteFrom:[\s\S]*/, '    substitute:\n      network: network2\n')),
      [`${MESH}:14 warning ${MESSAGE}`],
    );
  });

  it('is not missed where something out of sight may set it', () => {
    const more = (source: string) => (text: string) =>
      text.replace(
        / {4}substituteFrom:[\s\S]*/,
        `    substitute: { network: network2 }\n    substituteFrom:\n      - ${source}\n`,
      );
    assert.deepEqual(told(MESH, more('{ kind: Secret, name: facts }')), []);
    assert.deepEqual(told(MESH, more('{ kind: ConfigMap, name: elsewhere, optional: true }')), []);
  });

  it('is not missed where it has a default', () => {
    const releases = 'infrastructure/mesh/releases.yaml';
    assert.deepEqual(
      told(releases, (text) => text.replaceAll(`\${cluster}`, `\${other:=x}`)),
      [],
    );
  });
});
