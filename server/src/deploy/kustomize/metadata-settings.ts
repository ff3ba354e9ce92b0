/** The settings of a kustomization that reach every object: labels, annotations, namespace, prefix and suffix of names. */
import type { Cursor } from '../../yaml/read.ts';
import { entries, get, items } from '../../yaml/read.ts';
import { asSecretAs } from '../../yaml/secret-text.ts';
import type { FieldConfiguration } from './default-fields.ts';
import { mergeSpecs, readFieldSpecs } from './field-configuration.ts';
import { changeFields, type FieldSpec } from './field-spec.ts';
import { isOn, list } from './kustomization-file.ts';
import { madeScalar, madeString, textOf, valueAt, withEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { isOfKind, originalId, type Resource, withPreviousId } from './resource.ts';
import { asShared, withRoot, writtenOver } from './shared-values.ts';

/** A change of an object; the same object where it does not concern it. */
export type Change = (resource: Resource) => Resource;

/** Every pair of `pairs` set in the maps that the specs name. */
export function setPairs(pairs: Cursor | undefined, specs: readonly FieldSpec[]): Change {
  const sorted = [...entries(pairs)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return (resource) => {
    let result = resource;
    for (const [key, value] of sorted) {
      const text = madeString(textOf(value.node), value.at);
      const mark = {};
      let added = 0;
      const root = changeFields(result.root, specs, {
        create: { type: 'map', at: value.at },
        set: ({ node, at }) => {
          if (node.type !== 'map') {
            throw new Refusal('invalid-kustomization', 'labels are to be set in something that is not a map', { at });
          }
          const before = valueAt(node, key);
          if (before !== undefined) return withEntry(node, key, writtenOver(before, text));
          added++;
          return withEntry(node, key, asShared(text, mark));
        },
      });
      result = withRoot(result, root);
      if (added > 1 && !result.shares) result = { ...result, shares: true };
    }
    return result;
  };
}

/** `labels` and `commonLabels`, in the order of kustomize. */
export function labelChanges(root: Cursor, fields: FieldConfiguration): readonly Change[] {
  const changes = list(root, 'labels').map((label) => {
    let specs = mergeSpecs(readFieldSpecs(get(label, 'fields')), fields.labels);
    if (isOn(label, 'includeSelectors')) specs = mergeSpecs(specs, fields.commonLabels);
    else {
      if (isOn(label, 'includeTemplates')) specs = mergeSpecs(specs, fields.templateLabels);
      specs = mergeSpecs(specs, [{ path: 'metadata/labels', create: true }]);
    }
    return setPairs(get(label, 'pairs'), specs);
  });
  return [...changes, setPairs(get(root, 'commonLabels'), fields.commonLabels)];
}

/** kustomize's prefixes and suffixes leave these alone. */
const UNNAMED = [
  { kind: 'CustomResourceDefinition' },
  { group: 'apiregistration.k8s.io', kind: 'APIService' },
  { kind: 'Namespace' },
];

/** `namePrefix` or `nameSuffix`. */
export function affixChange(setting: Cursor, specs: readonly FieldSpec[], which: 'prefix' | 'suffix'): Change {
  const affix = textOf(setting.node);
  return (resource) => {
    const id = originalId(resource);
    if (UNNAMED.some((kind) => isOfKind(id, kind))) return resource;
    let result = resource;
    for (const spec of specs) {
      if (!isOfKind(id, spec)) continue;
      if (spec.path === 'metadata/name') {
        result =
          which === 'prefix'
            ? { ...result, prefixes: [...result.prefixes, affix] }
            : { ...result, suffixes: [...result.suffixes, affix] };
        result = withPreviousId(result);
      }
      const root = changeFields(result.root, [spec], {
        create: { type: 'scalar', at: setting.at },
        set: ({ node, at }) => {
          if (node.type !== 'scalar') throw new Refusal('invalid-kustomization', 'a name is not a string', { at });
          const text = which === 'prefix' ? affix + node.text : node.text + affix;
          const style = node.style === 'plain' ? 'plain' : 'double';
          return asSecretAs(node, { ...madeScalar(text, setting.at), style });
        },
      });
      result = { ...result, root };
    }
    return result;
  };
}

/** The items of a list of a kustomization as texts. */
export function texts(cursor: Cursor | undefined): readonly string[] {
  return items(cursor).map(({ node }) => textOf(node));
}
