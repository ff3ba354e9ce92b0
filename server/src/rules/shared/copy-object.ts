/** Copies of objects of one cluster for others, in the file where a person would put them. */
import type { Anchor } from '../../base/anchor.ts';
import { isKnown } from '../../facts/field.ts';
import type { GatewayObject, Labels, ObjectBase } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { FixEdit } from '../rule.ts';
import { otherPlacesOfOwn, placesOfOwn } from './places-of-own.ts';

/** What differs between clusters by nature, or is written by tools. */
const NOT_COPIED = /^(?:topology\.istio\.io\/|kubectl\.kubernetes\.io\/|ambient-multicluster\/|argocd\.argoproj\.io\/)/;

/** The manifest of an object, for another cluster; undefined if something in it is not known. */
export function manifestOf(
  { apiVersion, name, labels, annotations }: ObjectBase,
  kind: string,
  namespace: string | undefined,
  spec: YamlValue | undefined,
): YamlValue | undefined {
  const [copied, notes] = [knownPairs(labels), knownPairs(annotations)];
  if (copied === undefined || notes === undefined) return undefined;
  return {
    apiVersion,
    kind,
    metadata: {
      name: name.value,
      ...(namespace === undefined ? {} : { namespace }),
      ...(Object.keys(copied).length === 0 ? {} : { labels: copied }),
      ...(Object.keys(notes).length === 0 ? {} : { annotations: notes }),
    },
    ...(spec === undefined ? {} : { spec }),
  };
}

/** The manifest of a Gateway; undefined if something in it is not known. */
export function gatewayManifest(gateway: GatewayObject): YamlValue | undefined {
  const { namespace, spec } = gateway;
  if (!isKnown(namespace) || !isKnown(spec)) return undefined;
  return manifestOf(gateway, 'Gateway', namespace.value, spec.value);
}

/** A map of labels as values; undefined if one of them, or whether there are more, is not known. */
export function knownPairs({ entries, open }: Labels): Readonly<Record<string, string>> | undefined {
  const pairs = [...entries].flatMap(([key, value]) => (isKnown(value) ? [[key, value.value] as const] : []));
  if (open || pairs.length < entries.size) return undefined;
  return Object.fromEntries(pairs.filter(([key]) => !NOT_COPIED.test(key)));
}

/**
 * The edits that add a manifest to clusters: to the file of each that is called like the one it is copied from, or where other objects of
 * the namespace are; where there are none, to a new file. Undefined if one of the clusters has no file of its own.
 */
export function additions(
  mesh: Mesh,
  clusters: readonly ClusterId[],
  namespace: string,
  value: YamlValue | undefined,
  like?: Anchor,
): readonly FixEdit[] | undefined {
  if (value === undefined) return undefined;
  const edits: FixEdit[] = [];
  for (const cluster of clusters) {
    const near = placesOfOwn(mesh, cluster, namespace);
    const [beside, ...orBeside] = near.length > 0 ? near : otherPlacesOfOwn(mesh, cluster);
    if (beside === undefined) return undefined;
    const where = { beside, orBeside, ...(like === undefined ? {} : { like }) };
    edits.push({ op: 'add-document', ...where, ...(near.length > 0 ? {} : { apart: true }), value, for: [cluster] });
  }
  return edits;
}
