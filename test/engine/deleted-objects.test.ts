/** What a fix makes of a patch that deletes an object for one cluster. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const WEST = 'overlays/west/kustomization.yaml';

const sound = (file: string): string => readLayout('kustomize-deletions').sound.files.get(file) ?? '';

const deletion = (kind: string, apiVersion: string, name: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: sample }\n$patch: delete\n`;
const waypoint = deletion('Gateway', 'gateway.networking.k8s.io/v1', 'waypoint');

/** The first fix of the finding of a rule: its title, and the overlay after it. */
function fixed(
  rule: string,
  files: Readonly<Record<string, string>>,
): { readonly title: string; readonly text: string | undefined } | undefined {
  const all = Object.fromEntries([...readLayout('kustomize-deletions').sound.files, ...Object.entries(files)]);
  const { findings, documents } = engineOf(all).snapshot;
  const [finding, ...more] = findings.filter((one) => one.rule.id === rule);
  assert.deepEqual(more, []);
  const [fix] = finding?.fixes() ?? [];
  if (fix === undefined) return undefined;
  const changes = textEdits(documents, fix.edits()) ?? [];
  const change = changes.find((one) => 'edits' in one && one.file === WEST);
  return {
    title: fix.title,
    text: change !== undefined && 'edits' in change ? applyTextEdits(all[WEST] ?? '', change.edits) : undefined,
  };
}

/** The files that the fixes of all findings change, or make. */
function changed(files: Readonly<Record<string, string>>): readonly string[] {
  const all = Object.fromEntries([...readLayout('kustomize-deletions').sound.files, ...Object.entries(files)]);
  const { findings, documents } = engineOf(all).snapshot;
  assert.deepEqual(findings.map(({ rule }) => rule.id).sort(), ['invalid-kustomization', 'use-waypoint-unresolved']);
  const edits = findings.flatMap((finding) =>
    finding.fixes().flatMap((fix) => textEdits(documents, fix.edits()) ?? []),
  );
  return edits.map(({ file }) => file);
}

describe('the fix for an object that an overlay deletes', () => {
  it('takes back the patch that deletes it', () => {
    const inline = waypoint.replace(/^/gm, '      ').trimEnd();
    assert.deepEqual(fixed('use-waypoint-unresolved', { [WEST]: `${sound(WEST)}  - patch: |-\n${inline}\n` }), {
      title: 'Keep waypoint sample/waypoint in west',
      text: sound(WEST),
    });
    const path = { [WEST]: `${sound(WEST)}  - path: without.yaml\n` };
    const service = deletion('Service', 'v1', 'helloworld');
    assert.deepEqual(fixed('global-service-missing-in-cluster', { ...path, 'overlays/west/without.yaml': service }), {
      title: 'Keep Service sample/helloworld in west',
      text: sound(WEST),
    });
    const target = `${sound(WEST)}  - target: { kind: Gateway, name: eastwest }\n    path: without.yaml\n`;
    const any = deletion('Gateway', 'gateway.networking.k8s.io/v1', 'any');
    assert.deepEqual(fixed('eastwest-gateway-missing', { [WEST]: target, 'overlays/west/without.yaml': any }), {
      title: 'Keep east-west gateway istio-system/eastwest in west',
      text: sound(WEST),
    });
  });

  it('leaves a patch alone that deletes something else, too', () => {
    const both = `${sound(WEST)}  - target: { kind: Gateway }\n    path: without.yaml\n`;
    const found = fixed('use-waypoint-unresolved', { [WEST]: both, 'overlays/west/without.yaml': waypoint });
    assert.equal(found?.text, undefined);
  });

  for (const [why, overlay] of [
    ['it names a patch twice', '  - path: without.yaml\n  - path: without.yaml\n'],
    ['it has an unknown field', '  - &patch\n    path: without.yaml\nx-patch: *patch\n'],
  ] as const) {
    it(`changes nothing where kustomize refuses the overlay: ${why}`, () => {
      assert.deepEqual(changed({ [WEST]: `${sound(WEST)}${overlay}`, 'overlays/west/without.yaml': waypoint }), []);
    });
  }
});
