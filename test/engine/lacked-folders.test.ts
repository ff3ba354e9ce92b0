/** What deployment tools are told to apply and what is not there: the file says which part, Flux' entry where it is likely a slip. */
import assert from 'node:assert/strict';
import type { Engine } from '../../server/src/engine/engine.ts';
import { unreadParts } from '../../server/src/report/unread-parts.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const INFRA = 'clusters/green-2/infra.yaml';

/** The files of a layout, some of them changed; undefined for one that is left out. */
function layoutWith(layout: string, change: (file: string, text: string) => string | undefined): Engine {
  const files = new Map<string, string>();
  for (const [file, text] of readLayout(layout).sound.files) {
    const changed = change(file, text);
    if (changed !== undefined) files.set(file, changed);
  }
  return engineOf(Object.fromEntries(files));
}

const own = ({ snapshot }: Engine) => snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization');
const told = (engine: Engine) =>
  own(engine).map(
    ({ location, severity, message }) => `${location.file}:${location.range.start.line + 1} ${severity} ${message}`,
  );
const parts = ({ snapshot: { skipped, documents } }: Engine) =>
  skipped.flatMap((file) =>
    file.parts === undefined ? [] : [`${file.file}: ${unreadParts(file.parts, documents).join('; ')}`],
  );
const nothing = (path: string) =>
  `Flux is told to apply the folder ${path}, and there is none in what is read, so what it holds is not known.`;

describe('a folder that Flux is told to apply', () => {
  it('is there', () => {
    const engine = layoutWith('flux-overlays', (_, text) => text);
    assert.deepEqual(told(engine), []);
    assert.deepEqual(parts(engine), []);
  });

  it('that is misspelt is told and corrected', () => {
    const wrong = (file: string, text: string) => (file === INFRA ? text.replace('ture/green-2', 'ture/gren-2') : text);
    const engine = layoutWith('flux-overlays', wrong);
    const meant = "Perhaps './infrastructure/green-2' is meant.";
    assert.deepEqual(told(engine), [`${INFRA}:4 warning ${nothing('./infrastructure/gren-2')} ${meant}`]);
    assert.deepEqual(parts(engine), [`${INFRA}: the folder ./infrastructure/gren-2 (line 4)`]);
    const [change] = textEdits(engine.snapshot.documents, own(engine)[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    const sound = readLayout('flux-overlays').sound.files.get(INFRA) ?? '';
    assert.equal(applyTextEdits(wrong(INFRA, sound), change.edits), sound);
  });

  it('that only is not there is a hint: what is called alike is for another cluster', () => {
    const engine = layoutWith('flux-overlays', (file, text) => (file.startsWith('apps/green-1/') ? undefined : text));
    assert.deepEqual(told(engine), [`clusters/green-1/infra.yaml:9 hint ${nothing('./apps/green-1')}`]);
  });

  it('from another repository is not looked for', () => {
    const elsewhere = (file: string, text: string) =>
      file === INFRA
        ? text.replace('ture/green-2', 'ture/gren-2').replaceAll('name: flux-system', 'name: platform')
        : text;
    assert.deepEqual(told(layoutWith('flux-overlays', elsewhere)), []);
  });
});

describe('generators of Argo CD', () => {
  it('tell what of them is not in the workspace', () => {
    assert.deepEqual(parts(layoutWith('argo-cd-generators-out-of-sight', (_, text) => text)), [
      'argocd/generated.yaml: what the generator scmProvider gives (line 8); what the generator plugin gives (line 11); what the generator pullRequest gives (line 14); what the generator clusterDecisionResource gives (line 18)',
    ]);
    assert.match(
      parts(layoutWith('argo-cd-clusters-generator', (_, text) => text))[0] ?? '',
      /^argocd\/istiod.yaml: which clusters the selector of the generator picks: Secrets of Argo CD tell that, and none of them is in the workspace \(line 8\)/,
    );
  });
});
