/** Clusters of one mesh whose Istio versions are too far apart. */
import type { Anchor } from '../base/anchor.ts';
import { has, type IstioVersion, isOlderMinor, minorsApart } from '../base/istio-version.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { rule } from './rule.ts';
import { takesPart } from './taking-part.ts';
import { listed, MULTICLUSTER_DOCS } from './wording.ts';

/** The difference that Istio documents: a control plane may be one minor ahead of its data plane. */
const DOCUMENTED = 1;

interface Running extends IstioVersion {
  readonly cluster: ClusterId;
  readonly name: string;
  /** Such as `1.28.3`. */
  readonly text: string;
  readonly at: Anchor;
}

export const istioVersionSkew = rule({
  id: 'istio-version-skew',
  summary: 'The Istio versions of the clusters of a mesh must be at most one minor apart.',
  why: "Istio documents that a control plane may be one minor version ahead of its data plane, and nothing about clusters of different versions. Each istiod reads the other clusters' Services, Gateways and labels as its own version understands them, and a ztunnel or waypoint of one version talks to the east-west gateway of another: what one of them does not know yet it ignores silently. Where `istio-version-unsupported` says that the older cluster has no ambient multicluster, that finding stands for this one.",
  severity: 'warning',
  group: 'foundations',
  limitation: null,
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'none',
  howToFix:
    'Upgrade the cluster with the older version, one minor version at a time. `ambient-multicluster check --assume-istio-version` with the newer version shows what that changes.',
  whenToSilence: 'While an upgrade of all clusters is under way.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew',
    'https://github.com/istio/istio.io/issues/12971',
  ],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    const running = mesh.clusters.flatMap(({ id }) => runningIn(mesh, id));
    const newest = running.reduce<Running | undefined>(
      (a, b) => (a !== undefined && !isOlderMinor(a, b) ? a : b),
      undefined,
    );
    const behind = running.filter((one) => newest !== undefined && minorsApart(one.minor, newest.minor) > DOCUMENTED);
    // What has no ambient multicluster is told by another rule: this is about what has it, where some has.
    behind.sort((a, b) => Number(has(b, 'multicluster')) - Number(has(a, 'multicluster')));
    const [first, ...others] = behind;
    if (newest === undefined || first === undefined) return;
    const ahead = running.filter((one) => !isOlderMinor(one, newest));
    const message = `${first.name} runs Istio ${first.text}, but ${listed(ahead.map(({ name }) => name))} ${ahead.length === 1 ? 'runs' : 'run'} ${textOf(ahead, newest)}: ${minorsApart(first.minor, newest.minor)} minor versions apart. Istio documents no more than one, and that between control plane and data plane.`;
    yield {
      message,
      at: first.at,
      clusters: [...behind, ...ahead].map(({ cluster }) => cluster),
      object: undefined,
      related: [...others, ...ahead].map(({ at, cluster, name, text }) => ({
        at,
        cluster,
        message: `${name} runs Istio ${text}`,
        mirror: message,
      })),
    };
  },
});

/** The version that all of them run, else their minor. */
function textOf(running: readonly Running[], { text, minor }: Running): string {
  return running.every((one) => one.text === text) ? text : minor;
}

function runningIn(mesh: Mesh, cluster: ClusterId): readonly Running[] {
  const { minor, patch, known, text, at } = mesh.version(cluster);
  const name = mesh.clusters.find(({ id }) => id === cluster)?.name ?? cluster;
  if (!known || text === undefined || at === undefined || !takesPart(mesh, cluster)) return [];
  return [{ cluster, name, minor, patch, text, at }];
}
