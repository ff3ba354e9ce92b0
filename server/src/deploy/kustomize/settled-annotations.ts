/** Annotations as kustomize leaves them: texts, whatever was written, and no map at all where there are none. */
import type { MapNode } from '../../yaml/node.ts';
import { goValue } from './go-scalar.ts';
import { madeString, valueAt, withEntry, withoutEntry } from './placed-nodes.ts';
import { anchorIn } from './resource.ts';

export function withSettledAnnotations(root: MapNode): MapNode {
  const metadata = valueAt(root, 'metadata');
  const annotations = valueAt(metadata, 'annotations');
  if (metadata?.type !== 'map' || annotations === undefined) return root;
  if (annotations.type !== 'map' || annotations.entries.length === 0) {
    return withEntry(root, 'metadata', withoutEntry(metadata, 'annotations'));
  }
  if (annotations.entries.every(({ value }) => value.type === 'scalar' && typeof goValue(value) === 'string')) {
    return root;
  }
  const entries = annotations.entries.map(({ key, value }) => {
    if (value.type === 'scalar') return { key, value: { ...value, tag: '!!str' } };
    const at = anchorIn(root, 'metadata', 'annotations', key.text);
    return at === undefined ? { key, value } : { key, value: madeString('', at) };
  });
  return withEntry(root, 'metadata', withEntry(metadata, 'annotations', { ...annotations, entries }));
}
