/** What kustomize does last, once for a whole build: hashes, references to names, variables, the order of the objects. */
import { type Anchor, documentAnchor } from '../../base/anchor.ts';
import type { MapNode } from '../../yaml/node.ts';
import { get } from '../../yaml/read.ts';
import { asSecretAs } from '../../yaml/secret-text.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { withSecretsReadable } from '../secrets-marked.ts';
import { buildMetadata } from './build-metadata.ts';
import type { BuiltObject } from './build-result.ts';
import type { Draft } from './draft.ts';
import { type Kustomization, list, text } from './kustomization-file.ts';
import { nameHash } from './name-hash.ts';
import { followNames } from './name-references.ts';
import { madeString, textOf, valueAt } from './placed-nodes.ts';
import { Refusal, TooLarge } from './refusal.ts';
import {
  anchorIn,
  currentId,
  kindOf,
  nameOf,
  objectId,
  type Resource,
  textMap,
  withMetadata,
  withPreviousId,
} from './resource.ts';
import { settledNode } from './resource-file.ts';
import { withSettledAnnotations } from './settled-annotations.ts';
import { resolveVariables } from './variables.ts';

const LOCAL = 'config.kubernetes.io/local-config';

const FIRST_KINDS = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
];
const LAST_KINDS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** The objects of a build, from what its kustomization has gathered. */
export function finish(draft: Draft, kustomization: Kustomization, files: DeployFiles): readonly BuiltObject[] {
  const { folder, root, doc } = kustomization;
  const at = documentAnchor(doc);
  const { fields, variables } = draft;
  const steps: readonly ((resources: readonly Resource[]) => readonly Resource[])[] = [
    (resources) => resources.map(withHash),
    (resources) => followNames(resources, fields.nameReference),
    (resources) => resolveVariables(resources, variables, fields.varReference),
    (resources) => resources.filter((resource) => isComplete(resource) && !isLocal(resource)),
    (resources) => inOrder(kustomization, resources),
  ];
  for (const run of steps) {
    draft.step(folder, at, () => {
      draft.resources = run(draft.resources);
    });
  }
  const metadata = get(root, 'buildMetadata');
  if (metadata !== undefined) {
    const change = buildMetadata(kustomization, metadata, files);
    draft.step(folder, metadata.at, () => {
      draft.resources = draft.resources.map(change);
    });
  }
  return draft.resources.map(asBuilt);
}

function withHash(resource: Resource): Resource {
  if (!resource.hashed) return resource;
  const named = withPreviousId(resource);
  const name = valueAt(valueAt(named.root, 'metadata'), 'name');
  const at = anchorIn(named.root, 'metadata', 'name');
  if (name === undefined || at === undefined) return resource;
  const hashed = asSecretAs(name, madeString(`${nameOf(named.root)}-${nameHash(named.root)}`, at));
  return { ...named, root: withMetadata(named.root, 'name', hashed) };
}

/** Refuses an object that a patch took its name from. */
function isComplete({ root }: Resource): boolean {
  for (const [what, value] of [
    ['kind', kindOf(root)],
    ['metadata.name', nameOf(root)],
  ]) {
    if (value === '') throw new Refusal('invalid-object', `an object has no ${what}`, { related: [placeOf(root)] });
  }
  return true;
}

function isLocal({ root }: Resource): boolean {
  const value = textMap(root, 'annotations').get(LOCAL);
  return value !== undefined && value !== 'false';
}

function placeOf(root: MapNode): Anchor {
  if (root.origin === undefined) throw new Error('an object has no place');
  return root.origin;
}

/** An object as builds give it. */
export function asBuilt(resource: Resource): BuiltObject {
  const root = builtRoot(resource);
  const { original, file, doc, generated, folders, patches, removals } = resource;
  const patched = withMissed(resource);
  const otherwise = patched === undefined ? {} : { otherwise: builtRoot(patched) };
  return { root, original, current: objectId(root), file, doc, generated, folders, patches, removals, ...otherwise };
}

function builtRoot({ root }: Resource): MapNode {
  const settled = withSecretsReadable(settledNode(root));
  return withSettledAnnotations(settled.type === 'map' ? settled : root);
}

/** With the patches that were perhaps meant for it; undefined if there are none, if they would delete it, or could not be for it. */
function withMissed(resource: Resource): Resource | undefined {
  let patched: Resource | undefined;
  try {
    for (const missed of resource.missed ?? []) [patched] = missed(patched ?? resource);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof TooLarge)) throw error;
    return undefined;
  }
  return patched;
}

/** `sortOptions`, else kustomize's own order: by kind, then group and version, namespace and name. */
function inOrder({ root }: Kustomization, resources: readonly Resource[]): readonly Resource[] {
  const options = get(root, 'sortOptions');
  const order = text(root, 'sortOptions', 'order');
  const legacy = get(root, 'sortOptions', 'legacySortOptions');
  if (options !== undefined) {
    if (order !== 'fifo' && order !== 'legacy') {
      throw new Refusal('invalid-kustomization', 'the order must be legacy or fifo', { at: options.at });
    }
    if (order === 'fifo') {
      if (legacy === undefined) return resources;
      throw new Refusal('invalid-kustomization', 'only the order legacy has options', { at: legacy.at });
    }
  }
  const first = legacy === undefined ? FIRST_KINDS : list(legacy, 'orderFirst').map(({ node }) => textOf(node));
  const last = legacy === undefined ? LAST_KINDS : list(legacy, 'orderLast').map(({ node }) => textOf(node));
  const ranks = new Map([
    ...first.map((kind, i) => [kind, i - first.length] as const),
    ...last.map((kind, i) => [kind, i + 1] as const),
  ]);
  const keyed = resources.map((resource) => ({
    resource,
    key: sortKey(resource),
    rank: ranks.get(kindOf(resource.root)) ?? 0,
  }));
  keyed.sort((a, b) => a.rank - b.rank || compareKeys(a.key, b.key));
  return keyed.map(({ resource }) => resource);
}

/** Missing parts are written as kustomize writes them, because they take part in the order. */
function sortKey(resource: Resource): readonly string[] {
  const { group, version, kind, namespace, name } = currentId(resource);
  return [
    [group || '~G', version || '~V', kind || '~K'].join('_'),
    [[kind || '[noKind]', version || '[noVer]', group || '[noGrp]'].join('.'), namespace || '~X', name || '~N'].join(
      '|',
    ),
  ];
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? '';
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
