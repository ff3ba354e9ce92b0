/** `ambientMulticluster/topologyAt`: the node of the tree that a place in a document says something of. */
import type { DocumentId } from '../base/anchor.ts';
import { lineStarts } from '../base/range.ts';
import type { TopologyNode } from '../topology/node.ts';
import { topology } from '../topology/topology.ts';
import type { SourceDocument } from '../yaml/source.ts';
import { METHODS, type TopologyAtParams, type TopologyItem } from './protocol.ts';
import type { Found, Session } from './session.ts';
import { topologyItems } from './topology.ts';

export function answerTopologyAt(session: Session): void {
  session.connection.onRequest(
    METHODS.topologyAt,
    async (params: TopologyAtParams): Promise<readonly TopologyItem[]> => {
      try {
        const found = session.find(params.uri);
        if (found === undefined) return [];
        await found.world.followed();
        const way = wayTo(found, params);
        return topologyItems([...session.worlds.values()], found.world, way);
      } catch (error) {
        session.failed('looking for a place in the topology', error);
        return [];
      }
    },
  );
}

/** The nodes from a root down to the one that stands for the object at a place. */
function wayTo({ world, file }: Found, { grouping, position }: TopologyAtParams): readonly TopologyNode[] {
  const { documents, layout, meshes } = world.snapshot;
  const source = documents.file(file);
  if (source === undefined) return [];
  const offset = (lineStarts(source.text)[position.line] ?? 0) + position.character;
  const document = source.documents.findLast(({ start }) => start <= offset);
  if (document === undefined) return [];
  const clusters = new Set(layout.placement.get(file));
  /** Branches that cannot hold the document are not made: another cluster, a name that it does not contain. */
  const mayHold = ({ kind, object }: TopologyNode): boolean =>
    kind !== 'waypoint' &&
    (object?.cluster === undefined || clusters.has(object.cluster)) &&
    (object === undefined || object.kind === 'Cluster' || document.text.includes(object.name));
  return search(topology(meshes, grouping), document, mayHold) ?? [];
}

function search(
  nodes: readonly TopologyNode[],
  document: SourceDocument,
  mayHold: (node: TopologyNode) => boolean,
): readonly TopologyNode[] | undefined {
  for (const node of nodes) {
    // A network is a conclusion from many documents, and a Service over all clusters stands above its clusters.
    if (isAt(node, document.id) && node.kind !== 'network' && node.object?.cluster !== undefined) return [node];
    const below = mayHold(node) ? search(node.children(), document, mayHold) : undefined;
    if (below !== undefined) return [node, ...below];
  }
  return undefined;
}

function isAt({ at }: TopologyNode, document: DocumentId): boolean {
  return at?.doc === document;
}
