/** Recognises documents that belong to another tool: what they make of their input is not in the document itself. */
import { lastSegment } from '../base/relative-path.ts';
import { type Cursor, entries, get, items } from '../yaml/read.ts';
import { groupOf } from './read-object.ts';

export type ForeignKind = 'kustomization' | 'argo-cd' | 'flux' | 'crossplane' | 'ansible' | 'other-tool';

/** Groups of other tools: exact, or with a dot in front any group that ends with it. */
const GROUPS: readonly (readonly [string, ForeignKind])[] = [
  ['kustomize.config.k8s.io', 'kustomization'],
  ['argoproj.io', 'argo-cd'],
  ['kustomize.toolkit.fluxcd.io', 'flux'],
  ['helm.toolkit.fluxcd.io', 'flux'],
  ['.crossplane.io', 'crossplane'],
  ['.upbound.io', 'crossplane'],
  ['policy.open-cluster-management.io', 'other-tool'],
  ['apps.open-cluster-management.io', 'other-tool'],
  ['work.open-cluster-management.io', 'other-tool'],
  ['fleet.cattle.io', 'other-tool'],
  ['helm.cattle.io', 'other-tool'],
  ['.projectsveltos.io', 'other-tool'],
  ['.k14s.io', 'other-tool'],
  ['.carvel.dev', 'other-tool'],
  ['addons.cluster.x-k8s.io', 'other-tool'],
  ['fluxcd.controlplane.io', 'other-tool'],
  ['skaffold', 'other-tool'],
  ['template.openshift.io', 'other-tool'],
];

/** What only tells where something goes (`deploy/open-cluster-management`). */
const PLACING: ReadonlySet<string> = new Set(['PlacementBinding', 'PlacementRule', 'PolicySet']);

/** The tool that an object of this group and kind belongs to. */
export function foreignKind(apiVersion: string, kind: string): ForeignKind | undefined {
  const group = groupOf(apiVersion);
  if (group === '') return undefined;
  if (group === 'argoproj.io' && kind !== 'Application' && kind !== 'ApplicationSet') return undefined;
  if (PLACING.has(kind) && group.endsWith('.open-cluster-management.io')) return undefined;
  for (const [name, tool] of GROUPS) {
    if (name.startsWith('.') ? group.endsWith(name) : group === name) return tool;
  }
  return undefined;
}

/** True for `kustomization.yaml` and its other names: there `kind` and `apiVersion` may be left out. */
export function isKustomizationFile(file: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(file);
}

const ANSIBLE_KEYS = [
  'hosts',
  'tasks',
  'kubernetes.core.k8s',
  'k8s',
  'ansible.builtin.template',
  'roles',
  'include_tasks',
];

/** A module by its full name: `kubernetes.core.helm`. */
const ANSIBLE_MODULE = /^(?:ansible|kubernetes|community)\.\w+\.\w+$/;

/** True for a list of Ansible plays or tasks. */
export function isAnsible(root: Cursor): boolean {
  if (root.node.type !== 'seq') return false;
  const all = items(root);
  return (
    ANSIBLE_KEYS.some((key) => get(all[0], key) !== undefined) ||
    all.some((task) => entries(task).some(([key]) => ANSIBLE_MODULE.test(key)))
  );
}

/** Files that tools find by their names, and a key of which one tells them from files that are only called so. */
const BY_NAME: readonly (readonly [RegExp, readonly string[]])[] = [
  // https://fleet.rancher.io/ref-fleet-yaml
  [/^fleet\.ya?ml$/, ['helm', 'kustomize', 'defaultNamespace', 'targetCustomizations']],
  // https://www.pulumi.com/docs/reference/pulumi-yaml
  [/^Pulumi[^/]*\.ya?ml$/, ['runtime', 'resources', 'config']],
];

/** True for a file without `kind` that another tool finds by its name. */
export function isOfTool(root: Cursor, file: string): boolean {
  const name = lastSegment(file);
  return BY_NAME.some(([names, keys]) => names.test(name) && keys.some((key) => get(root, key) !== undefined));
}

/** True for a helmfile: releases, each with a chart. */
export function isHelmfile(root: Cursor): boolean {
  return get(items(get(root, 'releases'))[0], 'chart') !== undefined;
}

const MAX_VALUES_DEPTH = 6;

/** True for values of a chart that makes Argo CD's Applications: somewhere in them is `helm.valuesObject` or the like. */
export function makesApplications(values: Cursor, depth = 0): boolean {
  if (['valuesObject', 'values', 'parameters'].some((key) => get(values, 'helm', key) !== undefined)) return true;
  if (depth >= MAX_VALUES_DEPTH) return false;
  const parts = [...entries(values).map(([, value]) => value), ...items(values)];
  return parts.some((part) => part.node.type !== 'scalar' && makesApplications(part, depth + 1));
}
