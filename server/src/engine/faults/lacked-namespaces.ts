/**
 * Overlays that give objects of a base no namespace, where those of all other clusters give them the same one. Flux refuses such objects
 * (`namespace not specified`, https://github.com/fluxcd/flux2/issues/4301); where no tool is in sight, who applies them may give them one. That Argo CD does, so nothing is told of it.
 */

import { type Anchor, below } from '../../base/anchor.ts';
import { areSiblings } from '../../base/relative-path.ts';
import { addTo, remember } from '../../base/remember.ts';
import { builtFacts, concernsMesh } from '../../deploy/built-facts.ts';
import { type BuiltObject, isPartly, type KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { describeId } from '../../deploy/kustomize/resource-list.ts';
import { CLUSTER_SCOPED } from '../../facts/objects.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { Documents } from '../../yaml/source.ts';
import { kustomizationIn, mentions } from '../deployed/kustomization-entries.ts';
import { placedSides } from '../findings/own-findings.ts';
import type { JudgedBuild, KustomizationFault } from './kustomization-findings.ts';
import { settingOf } from './renamed-apart.ts';

/** What one build has of an object. */
interface Had {
  readonly one: JudgedBuild;
  readonly namespace: string;
  /** The setting of its own kustomization that gives the namespace. */
  readonly at: Anchor | undefined;
}

export function* lackedNamespaces(judged: readonly JudgedBuild[], documents: Documents): Generator<KustomizationFault> {
  const world = { documents };
  const all = judged.filter(({ isBeside, clusters }) => !isBeside && clusters.length > 0);
  const bare = new Map(all.map((one) => [one, remember(bareIn, one.build, () => one.build.objects.filter(isBare))]));
  // Most builds have none.
  const docs = new Set([...bare.values()].flatMap((objects) => objects.map(({ doc }) => doc)));
  if (docs.size === 0) return;
  const byObject = new Map<string, Had[]>();
  for (const one of all) {
    const { doc } = kustomizationIn(one.build.folder, world) ?? {};
    for (const object of one.build.objects) {
      if (!docs.has(object.doc)) continue;
      const at = hasSetting(object) ? settingOf(object) : undefined;
      const { namespace } = object.current;
      addTo(byObject, keyOf(object), { one, namespace, at: at?.doc === doc ? at : undefined });
    }
  }
  for (const [one, objects] of bare) {
    const { build, tool, clusters } = one;
    if (objects.length === 0) continue;
    const kustomization = kustomizationIn(build.folder, world);
    if (kustomization === undefined || (tool !== undefined && tool !== 'flux')) continue;
    if (isPartly(build) || build.isOpen || mentions(kustomization, 'namespace', world)) continue;
    for (const object of objects) {
      const others = (byObject.get(keyOf(object)) ?? []).filter((had) => had.one !== one);
      const [first] = others;
      const isLacking =
        first !== undefined &&
        others.length > 1 &&
        others.every(
          (had) =>
            had.at !== undefined &&
            had.namespace === first.namespace &&
            areSiblings(had.one.build.folder, build.folder) &&
            !had.one.clusters.some((cluster) => clusters.includes(cluster)),
        );
      const location = isLacking ? documents.locate(kustomization) : undefined;
      if (first === undefined || location === undefined) continue;
      const { namespace } = first;
      const folders = listed(others.map((had) => had.one.build.folder).sort());
      const sides = others.flatMap(({ at }) => at ?? []).map((at) => ({ at, message: `namespace ${namespace}` }));
      const edit = { op: 'set', at: below(kustomization, 'namespace'), value: namespace } as const;
      yield {
        severity: tool === 'flux' ? 'warning' : 'hint',
        message: `${location.file} sets no namespace, unlike those of ${folders}, which set ${namespace}. So ${describeId(object.current)} has none${tool === 'flux' ? ', and Flux does not apply it' : ', unless it is given one where it is applied'}.`,
        location,
        at: kustomization,
        related: placedSides(sides, documents),
        fixes: [{ title: `Set namespace ${namespace}`, safe: false, preferred: true, edits: () => [edit] }],
      };
      break;
    }
  }
}

/** What a build has without a namespace. */
const bareIn = new WeakMap<KustomizeBuild, readonly BuiltObject[]>();

/** True for what Istio, or a tool that deploys it, reads in a namespace, and has none. What installs Istio names its namespace itself: the kinds of the Sail operator have none. */
function isBare(object: BuiltObject): boolean {
  if (object.original.namespace !== '' || object.current.namespace !== '') return false;
  const facts = builtFacts(object, object.file);
  return concernsMesh({
    ...facts,
    install: [],
    objects: facts.objects.filter(({ kind }) => !CLUSTER_SCOPED.has(kind)),
  });
}

function hasSetting(object: BuiltObject): boolean {
  return settingOf(object)?.path.key === 'namespace';
}

function keyOf({ doc, original: { kind, name, namespace } }: BuiltObject): string {
  return JSON.stringify([doc, kind, namespace, name]);
}
