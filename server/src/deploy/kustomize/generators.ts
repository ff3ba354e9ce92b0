/** Makes the ConfigMaps and Secrets that a kustomization generates, and puts them among the objects. */

import type { Anchor } from '../../base/anchor.ts';
import { encodeBase64 } from '../../base/base64.ts';
import { resolvePath } from '../../base/relative-path.ts';
import type { Entry, MapNode, Node, ScalarNode } from '../../yaml/node.ts';
import { type Cursor, entries, get } from '../../yaml/read.ts';
import { asSecretAs, secretNode } from '../../yaml/secret-text.ts';
import { type GeneratedValue, generatedValues, type ReadNamed, secretFiles } from './generator-values.ts';
import { isOn, type Kustomization, text } from './kustomization-file.ts';
import {
  madeEntry,
  madeMap,
  madeScalar,
  madeString,
  placed,
  statedText,
  textOf,
  valueAt,
  withEntry,
  withoutEntry,
} from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { currentId, objectId, type Resource, withMetadata } from './resource.ts';
import { appended, describeId, placesWithId } from './resource-list.ts';

/** Go breaks long base64 into lines of this length. */
const BASE64_LINE = 70;

/** The object of an entry of `configMapGenerator` or `secretGenerator`; `complete` is false if a value is not known. */
export function generate(
  kustomization: Kustomization,
  generator: Cursor,
  kind: 'ConfigMap' | 'Secret',
  read: ReadNamed,
): { readonly resource: Resource; readonly complete: boolean } {
  const { at } = generator;
  const name = get(generator, 'name');
  if (name === undefined || textOf(name.node) === '') {
    throw new Refusal('invalid-kustomization', 'a generator has no name', { at });
  }
  const { values, complete } = generatedValues(generator, read);
  const options = [get(generator, 'options'), get(kustomization.root, 'generatorOptions')];
  const metadata: Entry[] = [madeEntry('name', placed(name))];
  const namespace = get(generator, 'namespace');
  if (statedText(namespace?.node)) metadata.push(madeEntry('namespace', placed(namespace as Cursor)));
  for (const key of ['labels', 'annotations']) {
    const pairs = optionPairs(options, key);
    if (pairs.length > 0) metadata.push(madeEntry(key, madeMap(pairs, pairs[0]?.value.origin ?? at)));
  }
  const content: Entry[] = [
    madeEntry('apiVersion', madeString('v1', at)),
    madeEntry('kind', madeString(kind, at)),
    madeEntry('metadata', madeMap(metadata, at)),
  ];
  if (kind === 'Secret') {
    const type = get(generator, 'type');
    content.push(madeEntry('type', statedText(type?.node) ? placed(type as Cursor) : madeString('Opaque', at)));
  }
  const secret = secretFiles(kustomization);
  const data = values
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((value) => {
      const made = madeValue(value, kind);
      const file = value.path === undefined ? undefined : resolvePath(kustomization.folder, value.path);
      return madeEntry(value.key, file !== undefined && secret.has(file) ? secretNode(made) : made);
    });
  if (data.length > 0 || kind === 'Secret') content.push(madeEntry('data', madeMap(data, at)));
  if (options.some((option) => isOn(option, 'immutable'))) {
    content.push(madeEntry('immutable', madeScalar('true', at, '!!bool')));
  }
  const root = madeMap(content, at);
  const resource: Resource = {
    root,
    original: objectId(root),
    file: kustomization.file,
    doc: kustomization.doc,
    generated: true,
    source: { file: kustomization.file, generator: kind },
    previous: [],
    prefixes: [],
    suffixes: [],
    variables: [],
    shares: false,
    behavior: text(generator, 'behavior') ?? 'unspecified',
    hashed: !options.some((option) => isOn(option, 'disableNameSuffixHash')),
    folders: [],
    patches: [],
    removals: [],
  };
  return { resource, complete };
}

function madeValue({ value, at, tree }: GeneratedValue, kind: 'ConfigMap' | 'Secret'): Node {
  if (kind === 'Secret') return secretNode(madeString(encoded(value), at));
  return withTree(madeString(value, at), tree);
}

function withTree(node: ScalarNode, tree: Node | undefined): ScalarNode {
  return tree === undefined ? node : { ...node, tree };
}

function encoded(value: string): string {
  const base64 = encodeBase64(value);
  return base64.length < BASE64_LINE ? base64 : base64.replace(/.{1,70}/g, '$&\n');
}

/** Labels or annotations of the generator's options and of `generatorOptions`; the generator's win. */
function optionPairs(options: readonly (Cursor | undefined)[], key: string): Entry[] {
  const pairs = new Map<string, Entry>();
  for (const option of options) {
    for (const [name, value] of entries(get(option, key))) {
      if (!pairs.has(name)) pairs.set(name, madeEntry(name, madeString(textOf(value.node), value.at)));
    }
  }
  return [...pairs.values()].sort((a, b) => (a.key.text < b.key.text ? -1 : 1));
}

/** The objects with a generated one: new, merged into one of the same name, or in its place. */
export function absorbed(list: readonly Resource[], generated: Resource, at: Anchor): readonly Resource[] {
  const id = currentId(generated);
  const matches = placesWithId(list, id);
  const old = list[matches[0] ?? -1];
  const { behavior } = generated;
  if (matches.length > 1) {
    throw new Refusal('generator-behavior', `several objects could be merged with ${describeId(id)}`, { at });
  }
  if (old === undefined) {
    if (behavior === 'merge' || behavior === 'replace') {
      throw new Refusal('generator-behavior', `there is no ${describeId(id)} to ${behavior}`, { at });
    }
    return appended(list, [generated]);
  }
  if (behavior !== 'merge' && behavior !== 'replace') {
    throw new Refusal('generator-behavior', `${describeId(id)} is there already: behavior must be merge or replace`, {
      at,
      related: old.root.origin === undefined ? [] : [old.root.origin],
    });
  }
  const both = combined(old, generated, behavior);
  return list.map((resource) => (resource === old ? both : resource));
}

/** kustomize `CopyMergeMetaDataFieldsFrom` and `MergeDataMapFrom`. */
function combined(old: Resource, generated: Resource, behavior: 'merge' | 'replace'): Resource {
  let { root } = generated;
  for (const key of ['labels', 'annotations']) {
    const pairs = joinedPairs(
      valueAt(valueAt(old.root, 'metadata'), key),
      valueAt(valueAt(root, 'metadata'), key),
      old,
    );
    root = withMetadata(root, key, pairs);
  }
  for (const key of ['name', 'namespace']) {
    const node = valueAt(valueAt(old.root, 'metadata'), key);
    const metadata = placedIn(old, 'metadata');
    root = withMetadata(
      root,
      key,
      node === undefined || metadata === undefined ? undefined : placed({ node, at: node.origin ?? metadata }),
    );
  }
  if (behavior === 'merge') {
    for (const key of ['data', 'binaryData']) {
      const pairs = joinedPairs(valueAt(old.root, key), valueAt(root, key), old);
      root = pairs === undefined ? withoutEntry(root, key) : withEntry(root, key, pairs);
    }
  }
  return {
    ...old,
    root,
    generated: true,
    source: behavior === 'merge' ? old.source : generated.source,
    file: generated.file,
    doc: generated.doc,
    hashed: old.hashed && generated.hashed,
  };
}

function placedIn({ root }: Resource, key: string): Anchor | undefined {
  return valueAt(root, key)?.origin ?? root.origin;
}

/** Both maps as texts, the second one's winning; undefined if nothing is in them. */
function joinedPairs(first: Node | undefined, second: Node | undefined, old: Resource): MapNode | undefined {
  const pairs = new Map<string, Entry>();
  for (const map of [first, second]) {
    if (map?.type !== 'map') continue;
    for (const { key, value } of map.entries) {
      const at = value.origin ?? map.origin ?? old.root.origin;
      const tree = value.type === 'scalar' ? value.tree : undefined;
      if (at === undefined) continue;
      pairs.set(key.text, madeEntry(key.text, asSecretAs(value, withTree(madeString(textOf(value), at), tree))));
    }
  }
  const at = second?.origin ?? first?.origin ?? old.root.origin;
  return pairs.size === 0 || at === undefined ? undefined : madeMap([...pairs.values()], at);
}
