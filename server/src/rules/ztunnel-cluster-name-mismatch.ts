/** A ztunnel that names another cluster than istiod does. */
import { keyOf } from '../base/anchor.ts';
import { isKnown } from '../facts/field.ts';
import type { SettingPlace } from '../facts/install.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Fix, rule } from './rule.ts';
import { settingEdit } from './shared/edits-for.ts';
import { misnamedIstiods } from './shared/misnamed-istiod.ts';
import { isNear } from './shared/misspelt-names.ts';
import { clusterOf, idleWords, MULTI_NETWORK_DOCS } from './shared/wording.ts';
import { lacksNetwork } from './ztunnel-network-mismatch.ts';

export const ztunnelClusterNameMismatch = rule({
  id: 'ztunnel-cluster-name-mismatch',
  summary: "ztunnel's cluster name must be that of istiod.",
  why: 'ztunnel asks istiod for certificates in the name of its cluster. istiod has the API server of that cluster check the token. If it does not know the cluster, it logs `client claims to be in cluster ...`; if the name is that of another cluster for which it has a remote secret, the API server of that cluster does not accept the token, and istiod logs `failed to validate the JWT from cluster ...`. Either way ztunnel gets no certificate and no traffic passes. The default is `Kubernetes` on both sides, and the charts of Helm do not share values. What stands below a key `ztunnel` the ztunnel chart reads only as a dependency of another chart.',
  severity: 'error',
  group: 'foundations',
  limitation: null,
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload', 'Secret'],
  fix: 'both',
  howToFix:
    'Set `multiCluster.clusterName` in the values of the ztunnel chart (`spec.values.ztunnel.multiCluster.clusterName` in the Sail resource `ZTunnel`).',
  whenToSilence:
    'If something outside of the workspace has istiod run with `--clusterAliases`, or the value is set on the command line of Helm.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'security/pkg/server/ca/authenticate/kubeauth/kube_jwt.go:119-133, 147-167',
    'manifests/charts/ztunnel/templates/daemonset.yaml, zzz_profile.yaml',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    const ztunnel = cluster?.install.ztunnel;
    if (cluster === undefined || ztunnel === undefined || !mesh.multicluster || !mesh.ambient(id)) return;
    const { clusterName, clusterAliases, defaulted, places, hasIstiod } = cluster.install;
    if (!hasIstiod || clusterAliases !== undefined || !isKnown(clusterName) || !isKnown(ztunnel.clusterName)) return;
    const ofZtunnel = ztunnel.clusterName.value;
    if (clusterName.value === ofZtunnel) return;
    const own = defaulted.has('ztunnel.clusterName') ? `${ofZtunnel} (the default${idleWords(ztunnel)})` : ofZtunnel;
    const isIstiodUnset = defaulted.has('clusterName') && !defaulted.has('ztunnel.clusterName');
    // Where the remote secrets of others have ztunnel's name, istiod's is the wrong one.
    const isIstiodWrong = isIstiodUnset || misnamedIstiods(mesh).get(id)?.ztunnelAgrees === true;
    const fix = isIstiodWrong
      ? { what: 'istiod', place: places.clusterName, value: ofZtunnel }
      : {
          what: 'ztunnel',
          place: places.ztunnelClusterName,
          value: clusterName.value,
        };
    // Where nothing of its cluster gets to ztunnel, the network does not for the same reason.
    const { idle } = ztunnel;
    const isBoth = defaulted.has('ztunnel.clusterName') && lacksNetwork(mesh, cluster);
    const network = isBoth ? mesh.network(id).namespaceLabel : undefined;
    const onNetwork = isKnown(network) && idle === undefined ? [' and no network', `, on ${network.value}`] : ['', ''];
    const istiods = isIstiodUnset ? `${clusterName.value} (the default)` : clusterName.value;
    const at = defaulted.has('ztunnel.clusterName') ? ((idle && keyOf(idle)) ?? ztunnel.at) : ztunnel.clusterName.at;
    const [place, other] = isIstiodUnset ? [clusterName.at, at] : [at, clusterName.at];
    const [who, name] = isIstiodUnset ? ['ztunnel', ofZtunnel] : ['istiod', clusterName.value];
    yield {
      ofCluster: id,
      ...(isBoth ? { check: 'unset' } : {}),
      message: `ztunnel in ${cluster.name} has the cluster name ${own}${onNetwork[0]}, but istiod there has ${istiods}${onNetwork[1]}. istiod issues no certificates to it, so no traffic passes.`,
      at: place,
      clusters: [id],
      object: undefined,
      related: [{ at: other, cluster: id, message: `${who} has the cluster name ${name}` }],
      fixes: () => {
        const { what, place, value } = fix;
        if (place === undefined) return [];
        const too = isKnown(network) && network.value !== '' && places.ztunnelNetwork !== undefined;
        const edits = (): readonly NodeEdit[] => [
          settingEdit(place, value),
          ...(too ? [settingEdit(places.ztunnelNetwork, network.value)] : []),
        ];
        const title = `Set ${what}'s clusterName to ${value}${too ? `, and its network to ${network.value}` : ''}`;
        // Of two names that differ by a letter either may be the misspelt one.
        const isSlip = isNear(clusterName.value, ofZtunnel);
        const other = !isIstiodWrong && isSlip ? places.clusterName : undefined;
        return [
          { title, safe: !isIstiodWrong && !isSlip, preferred: true, edits },
          ...(other === undefined ? [] : [setName(other, ofZtunnel)]),
        ];
      },
    };
  },
});

function setName(place: SettingPlace, value: string): Fix {
  return { title: `Set istiod's clusterName to ${value}`, safe: false, edits: () => [settingEdit(place, value)] };
}
