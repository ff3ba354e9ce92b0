/** Values whose key is nearly one that the charts of istiod and ztunnel read, and values that the charts or istioctl refuse. */
import { sameAnchor } from '../base/anchor.ts';
import { compatibleMinors } from '../base/istio-version.ts';
import type { MisspeltValue } from '../facts/install.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Finding, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { toldOnce } from './shared/told-once.ts';
import { clusterOf, listed, MULTI_NETWORK_DOCS } from './shared/wording.ts';

interface Misspelt extends MisspeltValue {
  /** True if the one key is for both charts. */
  readonly isBoth: boolean;
}

/** Those of istiod, and those of ztunnel in other places. */
function misspeltOf(mesh: Mesh, id: ClusterId): readonly Misspelt[] {
  const { misspeltValues = [], ztunnel } = clusterOf(mesh, id)?.install ?? {};
  const isIn = (list: readonly MisspeltValue[], { at }: MisspeltValue): boolean =>
    list.some((one) => sameAnchor(one.at, at));
  const ofZtunnel = ztunnel?.misspelt ?? [];
  const isInherited = ({ path, meant }: MisspeltValue): boolean =>
    ztunnel?.inheritsGlobal === true && (meant === 'global' || path.startsWith('global.'));
  return [
    ...misspeltValues.map((one) => ({ ...one, isBoth: isInherited(one) || isIn(ofZtunnel, one) })),
    ...ofZtunnel.filter((one) => !isIn(misspeltValues, one)).map((one) => ({ ...one, isBoth: false })),
  ];
}

/** What installers refuse, but for profiles, of which another rule tells, and keys that are misspelt. */
function* refused(mesh: Mesh, id: ClusterId): Iterable<Finding> {
  const { name, install } = clusterOf(mesh, id) ?? {};
  const misspelt = misspeltOf(mesh, id);
  const { known, minor, text = '' } = mesh.version(id);
  const [from, to] = compatibleMinors(minor);
  for (const { value: why, at, subject, profile, compatible } of install?.refusals ?? []) {
    const isOwnMinor = known && text.startsWith(minor);
    if (compatible !== undefined && (!isOwnMinor || (compatible >= from && compatible <= to))) continue;
    const knows = compatible === undefined ? '' : ` That of Istio ${minor} knows 1.${from} to 1.${to}.`;
    if (profile !== undefined || misspelt.some((one) => sameAnchor(one.at, at))) continue;
    yield {
      check: `refused ${why}`,
      ofCluster: id,
      message: `${subject} in ${name} cannot be installed: ${why}.${knows}`,
      at,
      clusters: [id],
      object: undefined,
      related: [],
      fixes: () => [],
    };
  }
}

/** Without these nothing works, whether something else tells of it or not. */
const GRAVE = ['network', 'multiCluster', 'clusterName'];

export const valuesKeyMisspelt = rule({
  id: 'values-key-misspelt',
  summary:
    'The values that multicluster needs must have the keys that the charts of istiod and ztunnel read, and no value may be one that an installer refuses.',
  why: 'Helm hands any values to the chart, which reads only the keys that it knows; a mesh configuration with a field that istiod does not know is taken without that field. With a key that is off by a letter, istiod has the default: the cluster name `Kubernetes`, no network, the scopes of the profile; and so has ztunnel. Other values stop the installation: istioctl refuses keys of `spec.values` that it does not know, and the charts refuse a platform that they do not know.',
  severity: 'error',
  otherwise: {
    warning: 'for another key than that of the cluster name or the network, if no error follows from it',
  },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Install', 'Gateway', 'Namespace', 'Service', 'Workload'],
  fix: 'safe',
  howToFix:
    'Rename the key; the value stays. Reported are keys that differ by a letter from `global`, `meshConfig`, `pilot` or `profile`, from `global.network`, `global.meshID`, `global.multiCluster.clusterName`, `pilot.trustedZtunnelNamespace`, `meshConfig.serviceScopeConfigs`, `meshConfig.discoverySelectors` or `meshConfig.trustDomain`, and of ztunnel from `network` or `multiCluster.clusterName`, where that is not written as well. Reported as refused are: keys of `spec.values` of an IstioOperator, and `trustDomain` in its `global`, that there are not (write `meshConfig.trustDomain`); a network, a mesh ID or a name there that YAML reads as a boolean or a number (put it in quotes); several IstioOperators in one file; and of the charts `defaults`, a `platform` other than gke, k3d, k3s, microk8s, minikube or openshift, and a `compatibilityVersion` that is no minor (`1.30` without quotes is 1.3), or for which a stated version of Istio has none: its own minor, a later one, or one before 1.24 (1.27) or 1.25 (since 1.28). Misspelt variables of `pilot.env` are told by multi-network-flag-missing.',
  whenToSilence: 'If a chart of your own around the chart of Istio reads that key.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'manifests/charts/istio-control/istio-discovery/values.yaml',
    'manifests/charts/istio-control/istio-discovery/templates/deployment.yaml',
    'manifests/charts/ztunnel/templates/daemonset.yaml',
    'pkg/config/mesh/mesh.go, ApplyMeshConfig',
    'manifests/zzz_profile.yaml',
    'operator/pkg/render/manifest.go:282-343',
    'operator/pkg/apis/values_types.proto, message Values',
  ],
  per: 'cluster',
  *check(mesh, { cluster }) {
    if (!mesh.multicluster) return;
    yield* refused(mesh, cluster);
    const isSame = (other: Misspelt, one: Misspelt): boolean =>
      other.path === one.path && other.chart === one.chart && other.isBoth === one.isBoth;
    for (const [first, ...others] of toldOnce(mesh, cluster, (id) => misspeltOf(mesh, id), isSame)) {
      const sides = [first, ...others];
      const { chart, path, meant, at, isBoth } = first.found;
      const key = path.slice(path.lastIndexOf('.') + 1);
      const message = `The values of ${chart} in ${listed(sides.map(({ name }) => name))} have ${path}, which the chart does not read. It reads ${meant} there.`;
      yield {
        check: `${meant} ${isBoth ? 'both' : chart} ${path}`,
        ...(GRAVE.includes(meant) ? {} : { severity: 'warning' as const }),
        message,
        at,
        clusters: sides.map(({ id }) => id),
        object: undefined,
        related: others.map((side) => ({
          at: side.found.at,
          cluster: side.id,
          message: `${path} in ${side.name} too`,
          mirror: message,
        })),
        tie: true,
        fixes: () => [
          {
            title: `Rename ${key} to ${meant}`,
            safe: true,
            preferred: true,
            onlyMeaning: true,
            edits: () =>
              sides.flatMap(({ id, found }) =>
                editsFor(id, [{ op: 'rename-key', at: found.at, from: key, key: meant }]),
              ),
          },
        ],
      };
    }
  },
});
