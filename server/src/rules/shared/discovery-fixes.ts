/** Fixes of namespaces that discovery selectors leave out. None takes a namespace from an istiod that sees it. */
import { isKnown, isUnknown } from '../../facts/field.ts';
import type { NamespaceObject, Selector } from '../../facts/objects.ts';
import type { Cluster, ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import { type LabelState, namespaceLabel, sees } from '../../mesh/selectors.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { Fix } from '../rule.ts';
import { choosing, missedBy, selectorsOf } from './discovery.ts';
import { editsFor } from './edits-for.ts';
import { setLabel } from './label-edits.ts';
import { selectorValue } from './selector-value.ts';
import { takesPart } from './taking-part.ts';
import { listed } from './wording.ts';

/** A namespace of a cluster that is not seen. */
interface Place {
  readonly cluster: ClusterId;
  readonly namespace: NamespaceObject;
}

/**
 * The fix where one cluster alone leaves out what the selectors of all others find: it gets theirs.
 * @param viewers the clusters that leave the namespaces out
 */
export function alignment(mesh: Mesh, places: readonly Place[], viewers: readonly Cluster[]): Fix | undefined {
  const [viewer, ...others] = viewers;
  const at = viewer?.install.discoverySelectors?.at;
  if (viewer === undefined || at === undefined || others.length > 0) return undefined;
  const model = shared(mesh, viewer.id);
  if (model === undefined) return undefined;
  const { selectors, list } = model;
  if (places.some(({ namespace }) => sees(selectors, labelsOf(namespace)) !== 'yes')) return undefined;
  return {
    title: `Copy discoverySelectors from ${model.name} to ${viewer.name}`,
    safe: false,
    preferred: true,
    edits: () => editsFor(viewer.id, [{ op: 'set', at, value: list }]),
  };
}

/** What all other clusters that have selectors have for them. */
interface SharedSelectors {
  readonly name: string;
  readonly selectors: readonly Selector[];
  readonly list: YamlValue[];
}

/** The selectors that all others share, if a cluster loses nothing by taking them. */
const shared = relation((mesh, cluster: ClusterId): SharedSelectors | undefined => {
  const [model, ...others] = choosing(mesh).filter(({ id }) => id !== cluster);
  const viewer = choosing(mesh).find(({ id }) => id === cluster);
  const list = model === undefined ? undefined : plainList(model);
  if (viewer === undefined || model === undefined || list === undefined) return undefined;
  if (others.some((other) => JSON.stringify(plainList(other)) !== JSON.stringify(list))) return undefined;
  const selectors = selectorsOf(model);
  const isLost = mesh.clusterNames.some(
    ({ id }) =>
      takesPart(mesh, id) &&
      mesh.objects(id, 'Namespace').some((namespace) => {
        const label = labelsOf(namespace);
        return (
          sees(selectorsOf(viewer), label) !== 'no' &&
          sees(selectors, label) !== 'yes' &&
          missedBy(mesh, viewer, id, namespace).length > 0
        );
      }),
  );
  return isLost ? undefined : { name: model.name, selectors, list };
});

/** Selectors as plain data; undefined if a part of them is not known. */
function plainList(cluster: Cluster): YamlValue[] | undefined {
  const values = selectorsOf(cluster).map(selectorValue);
  return values.includes(undefined) ? undefined : (values as YamlValue[]);
}

function labelsOf({ name, labels }: NamespaceObject): (key: string) => LabelState {
  return namespaceLabel(name.value, labels);
}

/** Labels the namespaces, where all that leave them out ask for the same plain labels, and no other istiod loses them by that. */
export function labelFix(
  mesh: Mesh,
  places: readonly Place[],
  viewers: readonly Cluster[],
  preferred: boolean,
): readonly Fix[] {
  const asked = viewers.map((viewer) => plainLabels(selectorsOf(viewer)));
  const [wanted] = asked;
  if (wanted === undefined || !asked.every((other) => JSON.stringify(other) === JSON.stringify(wanted))) return [];
  if (places.some(({ namespace }) => !isHarmless(mesh, namespace, wanted, viewers))) return [];
  const names = [...new Set(places.map(({ namespace }) => namespace.name.value))].sort();
  const isReplacing = places.some(({ namespace }) => replaces(namespace, wanted));
  return [
    {
      title: `${isReplacing ? 'Set' : 'Add'} ${listed(wanted.map(([key, value]) => `${key}: ${value}`))} ${isReplacing ? 'in' : 'to'} ${names.length > 1 ? 'Namespaces' : 'Namespace'} ${listed(names)}`,
      safe: false,
      ...(preferred ? { preferred } : {}),
      edits: () =>
        places.flatMap(({ cluster, namespace }) =>
          editsFor(
            cluster,
            wanted.map(([key, value]) => setLabel(namespace, key, value)),
          ),
        ),
    },
  ];
}

type PlainLabels = readonly (readonly [string, string])[];

/** True if with the labels those see the namespace that did not, and all others that did. */
function isHarmless(mesh: Mesh, namespace: NamespaceObject, wanted: PlainLabels, viewers: readonly Cluster[]): boolean {
  // Selectors that are not known may ask for what is replaced.
  if (replaces(namespace, wanted) && mesh.clusters.some(({ install }) => isUnknown(install.discoverySelectors)))
    return false;
  const before = labelsOf(namespace);
  const added = new Map(wanted);
  const after = (key: string): LabelState => {
    const value = added.get(key);
    return value === undefined ? before(key) : { value };
  };
  return choosing(mesh).every((viewer) => {
    const selectors = selectorsOf(viewer);
    const now = sees(selectors, after);
    return now === 'yes' || (!viewers.includes(viewer) && now === sees(selectors, before));
  });
}

function replaces({ labels }: NamespaceObject, wanted: PlainLabels): boolean {
  return wanted.some(([key]) => labels.entries.has(key));
}

/** The labels that the first selector asks for, if it is made of nothing but `matchLabels`. */
function plainLabels([selector]: readonly Selector[]): PlainLabels | undefined {
  if (selector === undefined || selector.matchExpressions.length > 0 || selector.matchLabels.open) return undefined;
  const labels = [...selector.matchLabels.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return labels.flatMap(([key, value]) => (isKnown(value) ? [[key, value.value] as const] : []));
}
