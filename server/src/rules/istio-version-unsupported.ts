/** A version of Istio that cannot do what the manifests ask of it. */
import { firstWith, has, minorsApart, parseIstioVersion } from '../base/istio-version.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { tooFarApart } from './istio-version-skew.ts';
import { type Finding, rule } from './rule.ts';
import { defectsOf, lookForDefects } from './shared/version-defects.ts';
import { clusterOf, counted, listed, MULTICLUSTER_DOCS } from './shared/wording.ts';

export const istioVersionUnsupported = rule({
  id: 'istio-version-unsupported',
  summary: 'The Istio version of a cluster must be able to do what its manifests ask for.',
  why: 'Ambient multicluster begins with Istio 1.27: before, istiod has no GatewayClass `istio-east-west` and reads no `serviceScopeConfigs`, and the chart of ztunnel sets no network. Some later releases still lack a part of it, or have a defect that only certain manifests meet. Each is reported only for a version that is stated, and only where something in the manifests runs into it. A version without quotes that ends in 0 is a number to YAML, and Helm prints that number: of `tag: 1.30` comes the image `pilot:1.3`.\n\n* In 1.27, waypoints send nothing to other networks.\n* Up to 1.28.0, connections to other networks fail with a trust domain other than `cluster.local`.\n* Up to 1.29.1, the Envoy of an east-west gateway may send requests for several Services through one connection: some reach another Service than the one that was called, whose identity the client refuses.\n* Up to 1.29.5 and 1.30.2, the east-west gateway applies AuthorizationPolicies that are meant for waypoints: as it sees only TCP, those about HTTP refuse every request.\n* Up to 1.29.6 and 1.30.3, ingress gateways bypass the waypoint of a Service that has Pods on another network too, although `istio.io/ingress-use-waypoint` asks for it: its policies are not applied.\n\nThe defects of a release are one finding for each cluster, which also says how far the cluster is behind the others. What is told of a version stands for the finding of `istio-version-skew` about the same cluster, and, if that version has no ambient multicluster, for that of `scope-config-not-uniform`.',
  severity: 'warning',
  otherwise: {
    error: 'where traffic fails, or policies are bypassed, for certain',
    hint: 'for a version that may have lost its zero, while no other cluster tells one of Istio',
  },
  group: 'foundations',
  limitation: null,
  reads: ['Install', 'Namespace', 'Gateway', 'GatewayClass', 'Service', 'Workload', 'AuthorizationPolicy'],
  fix: 'unsafe',
  howToFix:
    'Upgrade to the release that the message names, and write versions in quotes. `ambient-multicluster check --assume-istio-version 1.30` shows what else a version changes.',
  whenToSilence: "If your build of that version has the fix, as some distributions' builds do.",
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go, SplitHorizonServices',
    'pilot/pkg/networking/core/listener_waypoint.go, buildWaypointInternal',
    'https://github.com/istio/istio/pull/57537',
    'https://github.com/istio/istio/issues/58427',
    'https://github.com/istio/istio/issues/58630',
    'https://github.com/istio/istio/issues/60806',
    'https://github.com/istio/istio/issues/61092',
  ],
  per: 'cluster',
  ahead: (mesh, cluster, namespace) => {
    if (isJudged(mesh, cluster) && has(mesh.version(cluster), 'multicluster')) lookForDefects(mesh, cluster, namespace);
  },
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    const version = mesh.version(id);
    if (cluster !== undefined) yield* asNumber(mesh, cluster);
    const { at } = version;
    if (cluster === undefined || at === undefined || !isJudged(mesh, id)) return;
    const runs = `${cluster.name} ${version.assumed === true ? 'would run' : 'runs'} Istio ${version.text ?? version.minor}`;
    const common = { ofCluster: id, at, clusters: [id], object: undefined };
    if (!has(version, 'multicluster')) {
      if (!isMeantForSeveralClusters(mesh)) return;
      const message = `${runs}, which has no ambient multicluster. It needs ${firstWith(version, 'multicluster')}: earlier versions have neither GatewayClass istio-east-west nor service scopes.`;
      yield { ...common, check: 'minor', message, related: [] };
      return;
    }
    const [gravest, ...others] = defectsOf(mesh, id);
    if (gravest === undefined) return;
    const found = [gravest, ...others] as const;
    const fixedBy = others.map(({ defect }) => defect.fixedBy);
    const fixedIn = `fixed in ${firstWith(version, gravest.defect.fixedBy, ...fixedBy)}`;
    const does = `in which ${listed(found.map(({ defect }) => defect.does))} (${others.length > 0 ? 'all ' : ''}${fixedIn})`;
    const more =
      gravest.met.length === 1 ? '' : `, and the same applies to ${counted(gravest.met.length - 1, 'other')}`;
    yield {
      ...common,
      check: found
        .map(({ defect }) => defect.check)
        .sort()
        .join(' '),
      severity: gravest.defect.severity,
      message: `${runs}, ${does}${behindWords(mesh, id)}. ${gravest.met[0].says}${more}.`,
      related: found.flatMap(({ met }, at) =>
        met.slice(0, 10).map((one) => ({ at: one.at, cluster: id, message: at === 0 ? one.what : one.says })),
      ),
    };
  },
});

/** Of a version that is told anyway, what `istio-version-skew` would tell of it. */
function behindWords(mesh: Mesh, id: ClusterId): string {
  const { behind, ahead } = tooFarApart(mesh);
  const [own, newest] = [behind.find(({ cluster }) => cluster === id), ahead[0]];
  return own === undefined || newest === undefined
    ? ''
    : `, and is ${minorsApart(own.minor, newest.minor)} minor versions behind ${listed(ahead.map(({ name }) => name))}`;
}

/** What YAML makes of `1.20`, `1.30` and `1.40` without quotes; Istio 1.2, 1.3 and 1.4 have no ambient mode. */
const WITHOUT_ZERO = /^1\.[234]$/;

/** A version that may have been taken for a number. Somebody's own numbers may look so too, where nothing else names versions of Istio. */
function* asNumber(mesh: Mesh, { id: cluster, name, install }: Cluster): Iterable<Finding> {
  if (!isKnown(install.istioVersion) || !mesh.ambient(cluster)) return;
  const { value: text, at } = install.istioVersion;
  if (!WITHOUT_ZERO.test(text)) return;
  const hasPeer = mesh.clusters.some(
    ({ install: { istioVersion } }) => parseIstioVersion(knownValue(istioVersion) ?? '') !== undefined,
  );
  const meant = `${text}0`;
  yield {
    ...(hasPeer ? {} : { severity: 'hint' as const }),
    check: 'number',
    ofCluster: cluster,
    message: `The Istio version of ${name} is read as ${text}, which has no ambient mode. Without quotes, ${meant} is the number ${text} in YAML, also where a tool fills it in: write "${meant}", or a whole release such as ${meant}.0.`,
    at,
    clusters: [cluster],
    object: undefined,
    related: [],
    fixes: () => [
      { title: `Write "${meant}"`, safe: false, preferred: true, edits: () => [{ op: 'set', at, value: meant }] },
    ],
  };
}

/** True if something says the version, and it matters for ambient mode. */
function isJudged(mesh: Mesh, cluster: ClusterId): boolean {
  return mesh.version(cluster).known && mesh.ambient(cluster);
}

/** Several ambient clusters are no multicluster mesh yet: something must ask for one. */
function isMeantForSeveralClusters(mesh: Mesh): boolean {
  return mesh.clusters.some(
    ({ id, install }) =>
      (knownValue(install.multiNetworkFlag) ?? false) ||
      (mesh.multicluster && isKnown(install.meshID) && install.meshID.value !== '') ||
      mesh.objects(id, 'Gateway').some(({ className }) => knownValue(className) === 'istio-east-west'),
  );
}
