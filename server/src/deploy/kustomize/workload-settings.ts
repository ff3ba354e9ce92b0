/** `images` and `replicas` of a kustomization. */
import { below } from '../../base/anchor.ts';
import type { Node } from '../../yaml/node.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import { asSecretAs } from '../../yaml/secret-text.ts';
import { changeFields, type FieldSpec } from './field-spec.ts';
import { isNullNode } from './go-scalar.ts';
import { text } from './kustomization-file.ts';
import type { Change } from './metadata-settings.ts';
import { compilePattern } from './pattern.ts';
import { madeScalar, textOf, valueAt } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { allIds, isOfKind, kindOf, type Resource } from './resource.ts';
import { writtenOver } from './shared-values.ts';

/** The name, tag and digest of an image; a colon before the first slash belongs to the registry. */
function splitImage(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  const slash = Math.max(image.indexOf('/'), 0);
  const at = image.indexOf('@', slash);
  const colon = image.indexOf(':', slash);
  const nameEnd = Math.min(...[at, colon].filter((index) => index >= 0), image.length);
  const tag = colon >= 0 && (at < 0 || colon < at) ? image.slice(colon + 1, at < 0 ? undefined : at) : '';
  return { name: image.slice(0, nameEnd), tag, digest: at < 0 ? '' : image.slice(at + 1) };
}

/** One entry of `images` (kustomize `imageTagUpdater`). */
export function imageChange(entry: Cursor, specs: readonly FieldSpec[]): Change {
  const wanted = text(entry, 'name') ?? '';
  const matches = compilePattern(`^${wanted}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
  if (matches === undefined) {
    throw new Refusal('invalid-kustomization', `‘${wanted}’ is no regular expression`, { at: entry.at });
  }
  const newName = text(entry, 'newName');
  const newTag = text(entry, 'newTag');
  const newDigest = text(entry, 'digest');
  const tagSuffix = text(entry, 'tagSuffix');
  const at = (get(entry, 'newTag') ?? get(entry, 'digest') ?? get(entry, 'newName') ?? get(entry, 'tagSuffix') ?? entry)
    .at;
  const set = ({ node, at: place }: Cursor): Node => {
    if (node.type !== 'scalar') throw new Refusal('invalid-kustomization', 'an image is not a string', { at: place });
    if (!matches(node.text)) return node;
    let { name, tag, digest } = splitImage(node.text);
    if (newName !== undefined) name = newName;
    if (newTag !== undefined || newDigest !== undefined) {
      tag = newTag ?? '';
      digest = newDigest ?? '';
    } else if (tagSuffix !== undefined) {
      tag += tagSuffix;
      digest = '';
    }
    const image = name + (tag === '' ? '' : `:${tag}`) + (digest === '' ? '' : `@${digest}`);
    return writtenOver(node, asSecretAs(node, madeScalar(image, at)));
  };
  return (resource) => {
    if (kindOf(resource.root) === 'CustomResourceDefinition' || resource.root.origin === undefined) return resource;
    const walked = inContainers({ node: resource.root, at: resource.root.origin }, set);
    const root = walked.type === 'map' ? changeFields(walked, specs, { set }) : resource.root;
    return root === resource.root ? resource : { ...resource, root };
  };
}

/** The tree with the images changed of everything below `containers` and `initContainers`, wherever these are. */
function inContainers({ node, at }: Cursor, set: (field: Cursor) => Node): Node {
  if (node.type === 'seq') {
    const items = node.items.map((item, i) => inContainers({ node: item, at: item.origin ?? below(at, i) }, set));
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  if (node.type !== 'map') return node;
  const entries = node.entries.map((entry) => {
    const place = entry.value.origin ?? below(at, entry.key.text);
    let value = inContainers({ node: entry.value, at: place }, set);
    if (entry.key.text === 'containers' || entry.key.text === 'initContainers') {
      value = withImages({ node: value, at: place }, set);
    }
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}

function withImages({ node, at }: Cursor, set: (field: Cursor) => Node): Node {
  if (node.type !== 'seq') return node;
  const items = node.items.map((item, index): Node => {
    if (isNullNode(item)) return item;
    const place = item.origin ?? below(at, index);
    if (item.type !== 'map') throw new Refusal('invalid-kustomization', 'a container is not a map', { at: place });
    const image = valueAt(item, 'image');
    if (image === undefined) return item;
    const changed = set({ node: image, at: image.origin ?? below(place, 'image') });
    if (changed === image) return item;
    const entries = item.entries.map((entry) => (entry.value === image ? { key: entry.key, value: changed } : entry));
    return { ...item, entries };
  });
  return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
}

/** One entry of `replicas`. @returns undefined if no object has that name */
export function withReplicas(
  list: readonly Resource[],
  entry: Cursor,
  specs: readonly FieldSpec[],
): readonly Resource[] | undefined {
  const name = text(entry, 'name') ?? '';
  const count = get(entry, 'count');
  const replicas = madeScalar(textOf(count?.node) || '0', count?.at ?? entry.at, '!!int');
  let found = false;
  let result = list;
  for (const spec of specs) {
    result = result.map((resource) => {
      if (!allIds(resource).some((id) => id.name === name && isOfKind(id, spec))) return resource;
      found = true;
      const set = ({ node, at }: Cursor): Node => {
        if (node.type !== 'scalar') throw new Refusal('invalid-kustomization', 'replicas is not a number', { at });
        return writtenOver(node, replicas);
      };
      const create = { type: 'scalar', at: replicas.origin ?? entry.at } as const;
      return { ...resource, root: changeFields(resource.root, [spec], { set, create }) };
    });
  }
  return found ? result : undefined;
}
