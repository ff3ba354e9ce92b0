/** What a build puts together from several places is not written into one of them. */
import assert from 'node:assert/strict';
import { textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { CONFIG, engineOf } from './import-world.ts';

const WEST = 'overlays/west/kustomization.yaml';
const WEB = `apiVersion: v1
kind: Namespace
metadata:
  name: web
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: wp-web
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: wp-web
  namespace: web
  labels:
    istio.io/global: "true"
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - { name: mesh, port: 15008, protocol: HBONE }
`;

/** The titles of the fixes for the waypoint that west has under another name, each with the files that it changes. */
function fixesFor(
  own: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, readonly string[]>> {
  const files: Record<string, string> = {
    ...Object.fromEntries(readLayout('kustomize-overlays').sound.files),
    'base/web.yaml': WEB,
    // Else what renames them is told instead.
    [CONFIG]: "rules: { invalid-kustomization: 'off' }\n",
    ...more,
  };
  files['base/kustomization.yaml'] += '  - web.yaml\n';
  files[WEST] += own;
  const { findings, documents } = engineOf(files).snapshot;
  const found = findings.find(({ object }) => object?.name === 'web');
  assert.ok(found);
  return Object.fromEntries(
    found
      .fixes()
      .map(({ title, edits }) => [title, (textEdits(documents, edits()) ?? []).map(({ file }) => file)] as const),
  );
}

describe('a name that a build puts together', () => {
  const renamed = (name: string): string => `Rename waypoint '${name}' to 'wp-web' in west`;

  it('is not written where only its prefix or suffix stands', () => {
    assert.deepEqual(fixesFor('namePrefix: west-\n')[renamed('west-wp-web')], []);
    assert.deepEqual(fixesFor('nameSuffix: -west\n')[renamed('wp-web-west')], []);
  });

  it('is not written where the part stands that a replacement puts into it', () => {
    const replacement = `replacements:
  - source: { kind: ConfigMap, name: place, fieldPath: data.place }
    targets:
      - select: { kind: Gateway, name: wp-web }
        fieldPaths: [metadata.name]
        options: { delimiter: "-", index: 0 }
`;
    const place = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: place }\ndata: { place: west }\n';
    assert.deepEqual(fixesFor(replacement, { 'base/web.yaml': `${WEB}---\n${place}` })[renamed('west-web')], []);
  });

  it('is written where it stands as a whole', () => {
    const patch = `  - target: { kind: Gateway, name: wp-web }
    patch: |
      - { op: replace, path: /metadata/name, value: west-web }
`;
    assert.deepEqual(fixesFor(patch)[renamed('west-web')], [WEST]);
  });
});
