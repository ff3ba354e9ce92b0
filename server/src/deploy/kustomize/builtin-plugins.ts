/** `transformers` and `generators` whose objects are kustomize's own (`apiVersion: builtin`); all others are programs, and not run. */

import type { Anchor } from '../../base/anchor.ts';
import { resolvePath } from '../../base/relative-path.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { applyObjects, applyPatch } from './apply-patches.ts';
import type { Draft } from './draft.ts';
import { readFieldSpecs } from './field-configuration.ts';
import type { Kustomization } from './kustomization-file.ts';
import { list, text } from './kustomization-file.ts';
import type { SchemaOf } from './merge-schema.ts';
import { affixChange, type Change, setPairs } from './metadata-settings.ts';
import { namespaceChange } from './namespace-setting.ts';
import { contentOfText, loadPatch, loadStrategicPatch } from './patches.ts';
import { isRemoteFile, isRepository } from './paths.ts';
import { cursorAt, placed, textOf, valueAt, withEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { loadReplacements } from './replacement-file.ts';
import { applyReplacement } from './replacements.ts';
import { apiVersionOf, kindOf, type Resource } from './resource.ts';
import { objectsOfFile, type WrittenObject } from './resource-file.ts';
import { imageChange, withReplicas } from './workload-settings.ts';

/** What a plugin does to the objects. */
export type PluginStep = (resources: readonly Resource[]) => readonly Resource[];

export interface Plugin {
  readonly root: Cursor;
  readonly kind: string;
}

/** The plugins of an entry, written in it or in a file; what is no plugin of kustomize's own is noted as not known. */
export function loadPlugins(draft: Draft, { folder }: Kustomization, entry: Cursor): readonly Plugin[] {
  return (writtenObjects(draft, folder, entry) ?? []).flatMap(({ root }) => {
    const at = root.origin ?? entry.at;
    if (apiVersionOf(root) === 'builtin') return [{ root: { node: root, at }, kind: kindOf(root) }];
    draft.miss(kindOf(root), entry.at, 'plugin');
    return [];
  });
}

function writtenObjects(draft: Draft, folder: string, entry: Cursor): readonly WrittenObject[] | undefined {
  const written = textOf(entry.node);
  if (/[\n:{]/.test(written)) {
    const content = contentOfText(entry);
    if (content?.type === 'merge') return content.objects;
  }
  const path = resolvePath(folder, written);
  if (path !== undefined && !isRemoteFile(written) && !isRepository(written) && draft.isFolder(path)) {
    draft.miss(path, entry.at, 'plugin');
    return undefined;
  }
  const file = draft.read(folder, entry, written);
  return file === undefined ? undefined : objectsOfFile(file, path ?? written);
}

/** A generator as an entry of `configMapGenerator` or `secretGenerator`: its name may be that of the plugin. */
export function asGenerator({ root }: Plugin): Cursor {
  let { node } = root;
  for (const key of ['name', 'namespace']) {
    const own = cursorAt(cursorAt(root, 'metadata'), key);
    if (node.type === 'map' && textOf(valueAt(node, key)) === '' && own !== undefined) {
      node = withEntry(node, key, placed(own));
    }
  }
  return { node, at: root.at };
}

/** What a transformer does; undefined if it is not known. */
export function pluginStep(
  draft: Draft,
  kustomization: Kustomization,
  { root, kind }: Plugin,
  schemaOf: SchemaOf,
): PluginStep | undefined {
  const specs = readFieldSpecs(get(root, 'fieldSpecs'));
  const each =
    (...changes: readonly Change[]): PluginStep =>
    (resources) =>
      changes.reduce((all, change) => all.map(change), resources);
  const affix = (which: 'prefix' | 'suffix'): readonly Change[] => {
    const setting = get(root, which);
    return setting === undefined || text(root, which) === undefined ? [] : [affixChange(setting, specs, which)];
  };
  switch (kind) {
    case 'NamespaceTransformer': {
      const setting = get(root, 'metadata', 'namespace');
      if (setting === undefined) return (resources) => resources;
      const subjects = text(root, 'setRoleBindingSubjects');
      const unsetOnly = textOf(get(root, 'unsetOnly')?.node) === 'true';
      return each(namespaceChange(setting, specs, subjects === undefined ? { unsetOnly } : { unsetOnly, subjects }));
    }
    case 'LabelTransformer':
      return each(setPairs(get(root, 'labels'), specs));
    case 'AnnotationsTransformer':
      return each(setPairs(get(root, 'annotations'), specs));
    case 'PrefixTransformer':
      return each(...affix('prefix'));
    case 'SuffixTransformer':
      return each(...affix('suffix'));
    case 'PrefixSuffixTransformer':
      return each(...affix('prefix'), ...affix('suffix'));
    case 'PatchTransformer':
    case 'PatchJson6902Transformer': {
      const patch = loadPatch(draft, kustomization, root);
      return patch && ((resources) => applyPatch(resources, patch, schemaOf));
    }
    case 'PatchStrategicMergeTransformer':
      return strategicMerges(draft, kustomization, root, schemaOf);
    case 'ImageTagTransformer': {
      const image = get(root, 'imageTag');
      return image && each(imageChange(image, specs));
    }
    case 'ReplicaCountTransformer': {
      const replica = get(root, 'replica');
      return replica && ((resources) => withReplicas(resources, replica, specs) ?? missingReplicas(replica));
    }
    case 'ReplacementTransformer': {
      const loaded = list(root, 'replacements').map((entry) => loadReplacements(draft, kustomization, entry));
      if (loaded.includes(undefined)) return undefined;
      const replacements = loaded.flatMap((entry) => entry ?? []);
      return (resources) => replacements.reduce((all, one) => applyReplacement(all, one, draft.replacing), resources);
    }
    default:
      draft.miss(kind, root.at, 'plugin');
      return undefined;
  }
}

function strategicMerges(draft: Draft, kustomization: Kustomization, root: Cursor, schemaOf: SchemaOf): PluginStep {
  const contents = items(get(root, 'paths')).map((entry) => loadStrategicPatch(draft, kustomization, entry));
  const inline = get(root, 'patches');
  if (inline !== undefined) contents.push(contentOfText(inline));
  return (resources) =>
    contents.reduce((all, content) => (content === undefined ? all : applyObjects(all, content, schemaOf)), resources);
}

function missingReplicas({ at }: { readonly at: Anchor }): never {
  throw new Refusal('patch-target-missing', 'no object with replicas has that name', { at });
}
