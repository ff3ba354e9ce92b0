/** Guards that one file changes when Istio is released: no other source knows what a version does, or compares versions with numbers. */
import assert from 'node:assert/strict';
import { CHANGES } from '../../server/src/base/istio-releases.ts';
import { codeOnly, sourceFiles } from './project-files.ts';

const TABLE = 'server/src/base/istio-releases.ts';

/** What the metadata of a rule, and an example for people, say of versions. */
const TOLD = /\b(?:since|until): '1\.\d+'|\bexamples: \[[^\]]*\]/g;

describe('releases of Istio', () => {
  it('are named in one file', () => {
    const others = sourceFiles().filter(({ path }) => path !== TABLE);
    const naming = others.filter(({ text }) => /'v?1\.\d\d(?:\.\d+)?'/.test(text.replace(TOLD, '')));
    assert.deepEqual(
      naming.map(({ path }) => path),
      [],
    );
  });

  it('change nothing that no source asks for', () => {
    const others = sourceFiles().filter(({ path }) => path !== TABLE);
    const idle = Object.keys(CHANGES).filter((change) => !others.some(({ text }) => text.includes(`'${change}'`)));
    assert.deepEqual(idle, []);
  });

  it('are compared in two places: by what a release changes, and by the minors of which a rule says that it holds', () => {
    const comparing = sourceFiles().filter((file) =>
      /\b(?:compareMinors\(|minor (?:[=!]==|[<>]=?) )/.test(codeOnly(file)),
    );
    assert.deepEqual(
      comparing.map(({ path }) => path),
      [
        'server/src/base/istio-version.ts',
        'server/src/engine/rule-runner.ts',
        // Sorts what the report names.
        'server/src/report/markdown/maturity.ts',
      ],
    );
  });
});
