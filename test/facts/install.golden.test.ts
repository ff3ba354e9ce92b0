/** Install settings against rendered truth: what istioctl, Helm and Sail really make of the inputs (test/golden/install.json). */
import assert from 'node:assert/strict';
import type { DocumentId } from '../../server/src/base/anchor.ts';
import { extractFacts } from '../../server/src/facts/extract.ts';
import type { LayeredStatement } from '../../server/src/facts/install/control-plane.ts';
import { installSettings } from '../../server/src/facts/install/install-settings.ts';
import type { InstallStatement } from '../../server/src/facts/install.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { type Cursor, rootCursor } from '../../server/src/yaml/read.ts';
import { canonical, comparisons, GOLDEN_INSTALLS, toldVersion } from './golden-installs.ts';

const CASES = /^(?:iop|helm|sail|raw)-/;

let nextId = 1;
function cursorOf(text: string): Cursor | undefined {
  const { root } = parseDocument(text);
  return root === undefined ? undefined : rootCursor(nextId++ as DocumentId, root);
}

function statementsOf(files: Readonly<Record<string, string>>): LayeredStatement[] {
  const found: LayeredStatement[] = [];
  for (const [file, text] of Object.entries(files)) {
    for (const part of text.split(/^---$/m)) {
      const root = cursorOf(part);
      if (root === undefined) continue;
      const facts = extractFacts(root.at.doc, root.node, file);
      found.push(...facts.install.map((statement) => ({ statement })));
    }
  }
  return found;
}

/** Which files are layers of one installation: what the command line of the case said (`-f base -f cluster`). */
const LAYERS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'iop-overlay-files': { c1: ['common.yaml', 'c1.yaml'], c2: ['common.yaml', 'c2.yaml'] },
  'helm-scopes-two-files': { c: ['base.yaml', 'c.yaml'] },
  'helm-umbrella-no-global': { west: ['charts/mesh/values.yaml', 'envs/west.yaml'] },
};

function layered(caseName: string, id: string, all: readonly LayeredStatement[]): readonly LayeredStatement[] {
  const files = LAYERS[caseName]?.[id];
  if (files === undefined) return all;
  const inOrder = files.map(
    (file) => all.find(({ statement }) => statement.file === file)?.statement as InstallStatement,
  );
  const others = all.filter(({ statement }) => statement.form === 'helm-chart');
  return [{ statement: inOrder.at(-1) as InstallStatement, layers: inOrder.slice(0, -1) }, ...others];
}

describe('install settings against rendered truth', () => {
  let agreed = 0;
  let total = 0;

  for (const [name, { files, expected }] of Object.entries(GOLDEN_INSTALLS)) {
    if (!CASES.test(name)) continue;
    for (const [version, wanted] of Object.entries(expected)) {
      const clusters = 'clusters' in wanted ? wanted.clusters : [wanted];
      for (const cluster of clusters) {
        it(`${name}/${cluster.id}${version === '' ? '' : ` with the charts of ${version}`}`, () => {
          const got = installSettings({
            statements: layered(name, cluster.id, statementsOf(files)),
            istioVersion: undefined,
            assumeIstioVersion: toldVersion(version),
            complete: false,
          });
          if (cluster.rejected !== undefined) {
            total++;
            assert.notEqual(got.refusals.length, 0, 'the real tool refuses this input');
            agreed++;
            return;
          }
          const rows = comparisons(cluster, got);
          const wrong = rows.filter(([, want, is]) => canonical(want) !== canonical(is));
          total += rows.length;
          agreed += rows.length - wrong.length;
          const lines = wrong.map(([field, want, is]) => `${field}: expected ${canonical(want)}, got ${canonical(is)}`);
          assert.deepEqual(lines, []);
          assert.deepEqual(got.refusals, []);
        });
      }
    }
  }

  after(() => console.log(`      install golden data: agree ${agreed} of ${total} fields`));
});
