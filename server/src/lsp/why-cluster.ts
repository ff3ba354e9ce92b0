/** `ambientMulticluster/whyCluster`: everything that told a cluster's name, network, mesh and version, and what contradicts it. */
import { evidenceSource } from '../report/evidence-words.ts';
import { plain } from '../report/plain-text.ts';
import { uriOf } from './folder.ts';
import { type ClusterEvidence, METHODS, type WhyClusterParams } from './protocol.ts';
import type { Session } from './session.ts';
import { nodeOf } from './topology.ts';

export function answerWhyCluster(session: Session): void {
  session.connection.onRequest(
    METHODS.whyCluster,
    async ({ node }: WhyClusterParams): Promise<readonly ClusterEvidence[]> => {
      await session.settled();
      const found = nodeOf([...session.worlds.values()], 'cluster', node);
      const cluster = found?.node.object?.cluster;
      if (found === undefined || cluster === undefined) return [];
      const { documents, layout } = found.world.snapshot;
      return (layout.clusters.get(cluster)?.evidence ?? []).map((evidence) => {
        const { field, at, file, contradicts, unknown } = evidence;
        const place = at === undefined ? undefined : documents.locate(at);
        return {
          field,
          why: plain(evidenceSource(evidence)),
          contradicts: contradicts === true,
          ...(unknown === undefined ? {} : { unknown: true }),
          file: plain(place?.file ?? file),
          ...(place === undefined ? {} : { place: { uri: uriOf(found.world.folder, place.file), range: place.range } }),
        };
      });
    },
  );
}
