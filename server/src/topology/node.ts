/** The nodes of the topology tree: plain data, whose children are made when they are asked for. */
import type { Anchor } from '../base/anchor.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Scope } from '../mesh/model.ts';

/** What a node stands for. `local-services` folds the services of a namespace that stay in their cluster. */
export type TopologyKind =
  | 'mesh'
  | 'network'
  | 'cluster'
  | 'gateways'
  | 'gateway'
  | 'namespace'
  | 'waypoint'
  | 'service'
  | 'local-services';

/** The shape of a node's icon; scopes differ by shape, not by colour. */
export type TopologyIcon =
  | 'mesh'
  | 'network'
  | 'cluster'
  /** A cluster of which something could not be read. */
  | 'incomplete'
  | 'gateway'
  | 'namespace'
  | 'waypoint'
  | 'global'
  | 'local'
  | 'unknown'
  | 'folder';

export interface TopologyNode {
  /** Equal in every revision for the same thing. The id of the parent is what stands before the last `/`. */
  readonly id: string;
  readonly kind: TopologyKind;
  readonly label: string;
  readonly description: string;
  /** Lines; what names hold is in them as it is. */
  readonly tooltip: readonly string[];
  readonly icon: TopologyIcon;
  /** The line that says so; undefined if nothing written does. */
  readonly at: Anchor | undefined;
  /** The object, for what can be done with a node. */
  readonly object: TopologyObject | undefined;
  /** True if the same thing is not the same in all clusters. */
  readonly differs: boolean;
  readonly expandable: boolean;
  children(): readonly TopologyNode[];
}

export interface TopologyObject {
  readonly mesh: string;
  /** Undefined for a thing of several clusters. */
  readonly cluster: ClusterId | undefined;
  readonly kind: 'Cluster' | 'Gateway' | 'Namespace' | 'Service';
  /** Empty for what is in no namespace. */
  readonly namespace: string;
  readonly name: string;
}

/** The id of a child. Steps are encoded, so that names with `/` keep the tree's shape. */
export function childId(parent: string, ...steps: readonly string[]): string {
  const encoded = steps.map((step) => encodeURIComponent(step.replace(/\p{Surrogate}/gu, '\ufffd'))).join(':');
  return parent === '' ? encoded : `${parent}/${encoded}`;
}

/** The id of a node's parent; undefined for a root. */
export function parentId(id: string): string | undefined {
  const end = id.lastIndexOf('/');
  return end < 0 ? undefined : id.slice(0, end);
}

/** The node with an id, found by walking down from `roots`; undefined if it is no more. */
export function findNode(roots: readonly TopologyNode[], id: string): TopologyNode | undefined {
  let level = roots;
  for (;;) {
    const next = level.find((node) => id === node.id || id.startsWith(`${node.id}/`));
    if (next === undefined || next.id === id) return next;
    level = next.children();
  }
}

/** What most nodes have in common; the given properties win. */
export function node(
  given: Pick<TopologyNode, 'id' | 'kind' | 'label' | 'icon'> & Partial<TopologyNode>,
  children?: () => readonly TopologyNode[],
): TopologyNode {
  return {
    description: '',
    tooltip: [given.label],
    at: undefined,
    object: undefined,
    differs: false,
    expandable: children !== undefined,
    children: children ?? (() => []),
    ...given,
  };
}

/** How a scope looks and reads. */
export function scopeIcon(scope: Scope): TopologyIcon {
  return scope === 'GLOBAL' ? 'global' : scope === 'LOCAL' ? 'local' : 'unknown';
}

export function scopeWord(scope: Scope): string {
  return scope === 'GLOBAL' ? 'global' : scope === 'LOCAL' ? 'local' : 'scope unknown';
}
