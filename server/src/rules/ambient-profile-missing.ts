/** A control plane, or an istio-cni, that is installed without ambient mode in a cluster that is to use it. */
import type { Anchor } from '../base/anchor.ts';
import { type Field, isKnown, knownValue } from '../facts/field.ts';
import type { InstallSettings, Refusal, SettingPlace, SwitchPlace } from '../facts/install.ts';
import type { Cluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { editsFor, settingEdit } from './shared/edits-for.ts';
import { isWeak } from './shared/taking-part.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS, WHILE_UNREAD } from './shared/wording.ts';

export const ambientProfileMissing = rule({
  id: 'ambient-profile-missing',
  summary: 'Every istiod and istio-cni of an ambient mesh must be installed with profile ambient.',
  why: 'Profile `ambient` sets `PILOT_ENABLE_AMBIENT` for istiod. Without it istiod ignores `AMBIENT_ENABLE_MULTI_NETWORK`, and says so only in its log; it knows neither the class istio-waypoint nor istio-east-west, and refuses ztunnel (`ztunnel requires PILOT_ENABLE_AMBIENT=true`). For istio-cni the profile sets `ambient.enabled`: without it no Pod of that cluster is redirected to ztunnel.',
  severity: 'error',
  otherwise: { hint: WHILE_UNREAD },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'Set `profile: ambient` in the values of the charts istiod and istio-cni, in `spec` of an IstioOperator, or in `spec` of the Sail resources Istio and IstioCNI. On OpenShift that is `openshift-ambient` in an IstioOperator and in Sail. The charts know the profiles ambient, demo, preview, remote and stable, and refuse others (`unknown profile`): leave `default` and `minimal` out, and give them `global.platform: openshift` beside `profile: ambient` instead of `openshift-ambient`. A `PILOT_ENABLE_AMBIENT` of your own in `pilot.env` wins over the profile, so remove it or set it to `"true"`.',
  whenToSilence:
    'If the profile is given on the command line (`--set profile=ambient`), or if your copy of the chart has it.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/features/ambient.go:25, 130-140',
    'pilot/pkg/xds/ads.go:256',
    'pilot/pkg/config/kube/gatewaycommon/classinfo.go:65-83',
    'manifests/charts/istio-cni/templates/configmap-cni.yaml:17',
    'manifests/helm-profiles/ambient.yaml',
    'manifests/profiles/openshift-ambient.yaml',
    'manifests/zzz_profile.yaml:27-33',
    'operator/pkg/render/manifest.go:410-415',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !isMeant(mesh, cluster)) return;
    if (!mesh.clusters.some((one) => one.id !== id && isMeant(mesh, one))) return;
    const { hasIstiod, ambient, cniAmbient, forms, refusals } = cluster.install;
    for (const refusal of refusals) if (refusal.profile !== undefined) yield refusalFinding(cluster, refusal);
    const istiod = hasIstiod && isKnown(ambient) && !ambient.value;
    if (istiod) yield istiodFinding(mesh, cluster, ambient.at);
    // An IstioOperator chooses one profile for both.
    if (!isKnown(cniAmbient) || cniAmbient.value || (istiod && forms.has('istio-operator'))) return;
    yield cniFinding(mesh, cluster, cniAmbient.at);
  },
});

/** True if the cluster uses ambient mode, or at least asks for ambient multicluster. */
function isMeant(mesh: Mesh, { id, install }: Cluster): boolean {
  return mesh.ambient(id) || knownValue(install.multiNetworkFlag) === true;
}

/** More profiles are not all named. */
const FEW = 7;

/** A profile that there is not: nothing is installed. */
function refusalFinding({ id, name }: Cluster, { value: why, at, subject, profile }: Refusal): Finding {
  const { said = '', meant, knows = [] } = profile ?? {};
  // https://istio.io/latest/docs/ambient/install/platform-prerequisites/; the platform is the installer's own matter elsewhere.
  const ofCharts = said.startsWith('openshift') && !knows.includes('openshift');
  const others = ofCharts
    ? 'On OpenShift, charts take profile: ambient and global.platform: openshift'
    : knows.length > FEW
      ? `For ambient mode it has ${listed(knows.filter((one) => one.includes('ambient')))}`
      : `It knows ${knows.join(', ')}`;
  const hint = meant === undefined ? others : `Perhaps ${meant} is meant`;
  return {
    check: `refused ${subject}`,
    ofCluster: id,
    message: `${subject} in ${name} cannot be installed with profile ${said}: ${why}. ${hint}.`,
    at,
    clusters: [id],
    object: undefined,
    related: [],
    fixes: () =>
      // On OpenShift a platform is to be set as well.
      said.startsWith('openshift')
        ? []
        : [
            {
              title: `Set profile: ${meant ?? 'ambient'} in ${name}`,
              safe: meant !== undefined,
              preferred: true,
              edits: () => editsFor(id, [{ op: 'set', at, value: meant ?? 'ambient' }]),
            },
          ],
  };
}

/** @param at what says that ambient mode is off, or the statement that leaves it out */
function istiodFinding(mesh: Mesh, cluster: Cluster, at: Anchor): Finding {
  const { multiNetworkFlag: flag, profile, defaulted, places } = cluster.install;
  const stated = !defaulted.has('ambient');
  const ignored = isKnown(flag) && flag.value ? flag.at : undefined;
  const why = stated ? 'PILOT_ENABLE_AMBIENT is off' : profileIs(profile);
  const consequence =
    ignored === undefined
      ? 'It refuses connections from ztunnel, and GatewayClasses istio-waypoint and istio-east-west do not exist.'
      : 'It ignores AMBIENT_ENABLE_MULTI_NETWORK and refuses connections from ztunnel.';
  return {
    ...common(mesh, cluster, stated, places.ambient, stated ? 'PILOT_ENABLE_AMBIENT: "true"' : undefined),
    check: 'istiod',
    message: `istiod in ${cluster.name} is installed without ambient mode: ${why}. ${consequence}`,
    at: stated ? at : (profile?.at ?? at),
    related:
      ignored === undefined ? [] : [{ at: ignored, cluster: cluster.id, message: 'the variable that is ignored' }],
  };
}

function cniFinding(mesh: Mesh, cluster: Cluster, at: Anchor): Finding {
  const { cniAmbient: place } = cluster.install.places;
  const stated = place?.value === true;
  const why = stated ? 'ambient.enabled is off' : 'its profile is not ambient';
  return {
    ...common(mesh, cluster, stated, place, stated ? 'ambient.enabled: true' : undefined),
    check: 'cni',
    message: `istio-cni in ${cluster.name} is installed without ambient mode: ${why}. No Pod there is redirected to ztunnel, so ambient namespaces are not in the mesh.`,
    at,
    related: [],
  };
}

function profileIs(profile: Field<string>): string {
  return isKnown(profile) ? `its profile is ${profile.value}` : 'no profile is set';
}

/**
 * What both findings have in common.
 * @param stated the switch itself is written, so that nothing elsewhere is missing
 * @param setting how the fix calls the switch; undefined: it sets the profile
 */
function common(
  mesh: Mesh,
  { id, name, install }: Cluster,
  stated: boolean,
  place: SwitchPlace | undefined,
  setting: string | undefined,
): Pick<Finding, 'severity' | 'ofCluster' | 'clusters' | 'object' | 'fixes'> {
  return {
    ...(!stated && isWeak(mesh, id, 'Install', 'PILOT_ENABLE_AMBIENT') ? { severity: 'hint' as const } : {}),
    ofCluster: id,
    clusters: [id],
    object: undefined,
    fixes: () => {
      if (place === undefined) return [];
      const off = knownValue(install.multiNetworkFlag) === false && !install.ofSolo;
      return [
        fix(
          place,
          off ? install.places.multiNetworkFlag : undefined,
          name,
          setting,
          (stated || isOnlyAdded(install)) && !off,
        ),
      ];
    },
  };
}

/** True if a profile may be added without taking another one's settings away: an IstioOperator without one has profile default. */
function isOnlyAdded({ profile, forms }: InstallSettings): boolean {
  return profile === undefined && !forms.has('istio-operator') && !forms.has('istiod-deployment');
}

/** @param flag where AMBIENT_ENABLE_MULTI_NETWORK is turned on too, which does nothing before */
function fix(
  place: SwitchPlace,
  flag: SettingPlace | undefined,
  name: string,
  setting: string | undefined,
  safe: boolean,
): Fix {
  const { value, envList } = place;
  const what = setting ?? (envList === undefined ? `profile: ${value}` : `${envList.name}: "${value}"`);
  const edits = [settingEdit(place, value), ...(flag === undefined ? [] : [settingEdit(flag, 'true')])];
  const title = `Set ${what}${flag === undefined ? '' : ' and AMBIENT_ENABLE_MULTI_NETWORK: "true"'} in ${name}`;
  return { title, safe, preferred: true, edits: () => edits };
}
