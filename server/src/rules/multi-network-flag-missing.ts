/** A cluster whose istiod does not read the other clusters at all. */
import { isKnown, knownValue } from '../facts/field.ts';
import type { InstallSettings, SettingPlace } from '../facts/install.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { goParseBool } from '../yaml/scalar.ts';
import { type Fix, rule } from './rule.ts';
import { settingEdit } from './shared/edits-for.ts';
import { misspeltVariable } from './shared/misspelt-variable.ts';
import { servicesWithSidecars } from './shared/sidecars.ts';
import { isWeak } from './shared/taking-part.ts';
import { clusterOf, MULTI_NETWORK_DOCS, WHILE_UNREAD } from './shared/wording.ts';

const FLAG = 'AMBIENT_ENABLE_MULTI_NETWORK';

export const multiNetworkFlagMissing = rule({
  id: 'multi-network-flag-missing',
  summary: 'Every istiod of a multicluster ambient mesh must run with AMBIENT_ENABLE_MULTI_NETWORK.',
  why: 'The flag is off by default in every version, and despite its name it switches on all of ambient multicluster: without it istiod tells ztunnel nothing of Services and workloads in other clusters, has no GatewayClass `istio-east-west`, and treats no Service as global. Sidecars learn of other clusters without it; but once it is on, since 1.28.1 they get endpoints of other clusters for global Services only.',
  severity: 'error',
  otherwise: { hint: WHILE_UNREAD },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'Set `AMBIENT_ENABLE_MULTI_NETWORK: "true"` in the environment of istiod: `values.pilot.env` in an IstioOperator and in the Sail resource, `pilot.env` in the values of the istiod chart. istiod reads `true`, `True`, `TRUE`, `t`, `T` and `1` as on; anything else, such as `yes` in quotes, is not a boolean to it and counts as not set, which is off. Where sidecars call other clusters, first make the Services that they call global.',
  whenToSilence:
    "If the environment of istiod is patched outside of the workspace. Nothing is said of Solo's distribution of Istio (versions such as `1.30.2-solo`, `platforms.peering`), which links clusters in ways of its own.",
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/features/ambient.go:65, 130-140',
    'pkg/env/var.go, BoolVar.Lookup',
    'pilot/pkg/serviceregistry/ambient/ambientindex.go:219',
    'https://github.com/istio/istio/issues/61713',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.ambient(id) || !cluster.install.hasIstiod || cluster.install.ofSolo) return;
    const { multiNetworkFlag, ambient, places, statements, defaulted } = cluster.install;
    // With ambient mode off the flag is ignored: that is another matter.
    if (!isKnown(multiNetworkFlag) || multiNetworkFlag.value || (isKnown(ambient) && !ambient.value)) return;
    const gateways = mesh
      .objects(id, 'Gateway')
      .some(({ className }) => isKnown(className) && className.value === 'istio-east-west');
    if (!mesh.multicluster && !gateways) return;
    const stated = !defaulted.has('multiNetworkFlag');
    // Beside the values of other charts, at those in which it would be set.
    const own = statements.find(({ at }) => at.doc === places.multiNetworkFlag?.at.doc) ?? statements[0];
    // A null may take away what other values say.
    const isTakenAway = own !== undefined && multiNetworkFlag.at.path.depth > own.at.path.depth;
    const misspelt = stated ? undefined : misspeltVariable(cluster.install, FLAG);
    const what = stated
      ? turnedOff(cluster.install)
      : misspelt === undefined
        ? `does not set ${FLAG}, which is off by default`
        : `sets ${misspelt.written}, which it does not read, instead of ${FLAG}, which is off by default`;
    yield {
      ...(!stated && misspelt === undefined && isWeak(mesh, id, 'Install', FLAG) ? { severity: 'hint' as const } : {}),
      ofCluster: id,
      message: `istiod in ${cluster.name} ${what}. ztunnel there learns nothing about other clusters, and GatewayClass istio-east-west does not exist.`,
      at: misspelt?.at ?? (stated || isTakenAway || own === undefined ? multiNetworkFlag.at : own.at),
      clusters: [id],
      object: undefined,
      related: [],
      // Sidecars lose the other clusters by it, but for global Services (endpoint_builder.go:642-646).
      fixes: () => {
        const safe = servicesWithSidecars(mesh, id).length === 0;
        const renaming = safe ? (misspelt?.fixes ?? []) : [];
        return renaming.length > 0 ? renaming : fixes(places.multiNetworkFlag, cluster.name, safe);
      },
    };
  },
});

/** What is set: false, or what istiod takes for its default as it is no boolean (pkg/env/var.go, BoolVar.Lookup). */
function turnedOff({ pilotEnv }: InstallSettings): string {
  const text = knownValue(pilotEnv.get(FLAG));
  if (text === undefined || goParseBool(text) !== undefined) return `has ${FLAG} turned off`;
  return text === ''
    ? `has an empty ${FLAG}, which counts as the default, off`
    : `has ${FLAG} set to '${text}', which is neither true nor false to istiod and counts as the default, off`;
}

function fixes(place: SettingPlace | undefined, name: string, safe: boolean): readonly Fix[] {
  if (place === undefined) return [];
  const edits = (): readonly NodeEdit[] => [settingEdit(place, 'true')];
  return [{ title: `Set ${FLAG}: "true" in ${name}`, safe, preferred: true, edits }];
}
