/** Clusters of one mesh whose Istio versions are too far apart. */
import type { Anchor } from '../base/anchor.ts';
import { has, type IstioVersion, isOlderMinor, minorsApart } from '../base/istio-version.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { rule } from './rule.ts';
import { takesPart } from './shared/taking-part.ts';
import { defectsOf } from './shared/version-defects.ts';
import { listed, MULTICLUSTER_DOCS } from './shared/wording.ts';

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
  why: "Istio documents that a control plane may be one minor version ahead of its data plane, and nothing about clusters of different versions. Each istiod reads the other clusters' Services, Gateways and labels as its own version understands them, and a ztunnel or waypoint of one version talks to the east-west gateway of another: what one of them does not know yet it ignores silently. Where `istio-version-unsupported` tells of the older version, that finding stands for this one.",
  severity: 'warning',
  group: 'foundations',
  limitation: null,
  reads: ['Install', 'Namespace', 'Gateway', 'GatewayClass', 'Service', 'Workload', 'AuthorizationPolicy'],
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
    const { behind, ahead } = tooFarApart(mesh);
    // What another rule tells of a version stands for this one.
    if (behind.length > 1) behind.sort((a, b) => Number(isToldElsewhere(mesh, a)) - Number(isToldElsewhere(mesh, b)));
    const [[first, ...others], [newest]] = [behind, ahead];
    if (newest === undefined || first === undefined) return;
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

/** The clusters whose minor is too far behind that of others, and those with the newest one. */
export function tooFarApart(mesh: Mesh): { readonly behind: Running[]; readonly ahead: readonly Running[] } {
  const running = mesh.multicluster ? mesh.clusters.flatMap(({ id }) => runningIn(mesh, id)) : [];
  const newest = running.reduce<Running | undefined>(
    (a, b) => (a !== undefined && !isOlderMinor(a, b) ? a : b),
    undefined,
  );
  if (newest === undefined) return { behind: [], ahead: [] };
  return {
    behind: running.filter(({ minor }) => minorsApart(minor, newest.minor) > DOCUMENTED),
    ahead: running.filter((one) => !isOlderMinor(one, newest)),
  };
}

function isToldElsewhere(mesh: Mesh, running: Running): boolean {
  return !has(running, 'multicluster') || defectsOf(mesh, running.cluster).length > 0;
}

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
