/** Which nodes of the tree have findings, at them or below them. */
import type { PlacedFinding } from '../engine/snapshot.ts';
import type { TopologyNode, TopologyObject } from '../topology/node.ts';

export type TreeProblem = 'error' | 'warning';

export class TreeProblems {
  /** The worst severity by mesh, cluster, namespace in a cluster, and object in a cluster or in any. */
  private readonly worst = new Map<string, TreeProblem>();

  constructor(findings: readonly PlacedFinding[]) {
    for (const { severity, mesh, clusters, tie, object } of findings) {
      if (severity !== 'error' && severity !== 'warning') continue;
      this.note([mesh], severity);
      if (object !== undefined) this.note([mesh, '', object.kind, object.namespace ?? '', object.name], severity);
      // With a majority, the others are not to blame.
      for (const cluster of tie ? clusters : clusters.slice(0, 1)) {
        this.note([mesh, cluster], severity);
        if (object === undefined) continue;
        const { kind, namespace, name } = object;
        this.note([mesh, cluster, kind, namespace ?? '', name], severity);
        if (namespace !== null) this.note([mesh, cluster, 'Namespace', '', namespace], severity);
      }
    }
  }

  /** The worst severity at a node or below it. */
  of(node: TopologyNode): TreeProblem | undefined {
    if (node.object !== undefined) return this.ofObject(node.object);
    return node.children().reduce<TreeProblem | undefined>((worst, child) => worse(worst, this.of(child)), undefined);
  }

  private ofObject({ mesh, cluster, kind, namespace, name }: TopologyObject): TreeProblem | undefined {
    if (kind === 'Cluster') return this.worst.get(key([mesh, cluster ?? '']));
    return this.worst.get(key([mesh, cluster ?? '', kind, namespace, name]));
  }

  private note(steps: readonly string[], severity: TreeProblem): void {
    const at = key(steps);
    this.worst.set(at, worse(this.worst.get(at), severity) ?? severity);
  }
}

function key(steps: readonly string[]): string {
  return steps.join('\n');
}

function worse(a: TreeProblem | undefined, b: TreeProblem | undefined): TreeProblem | undefined {
  return a === 'error' || b === undefined ? a : b === 'error' || a === undefined ? b : a;
}
