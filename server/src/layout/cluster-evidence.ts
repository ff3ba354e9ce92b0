/** Collects what told a cluster's name, network, mesh and version, and what contradicts it. */
import { below } from '../base/anchor.ts';
import { type Field, isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { InstallForm, InstallSettings } from '../facts/install.ts';
import { NOTHING_TELLS, statedName, wholeName } from './cluster-name.ts';
import type { FileTraits } from './file-traits.ts';
import { type FileGroup, hasOwnFolder } from './group-files.ts';
import type { Evidence } from './layout.ts';
import { declaredWhy, type Found, type VersionGrounds, versionEvidence } from './version-evidence.ts';

export interface ClusterGrounds extends VersionGrounds {
  readonly group: FileGroup | undefined;
  readonly files: readonly FileTraits[];
}

const FORMS: Readonly<Record<InstallForm, string>> = {
  'istio-operator': 'IstioOperator',
  'helm-values': 'Helm values',
  'helm-chart': 'umbrella chart',
  'sail-istio': 'Sail Istio',
  'sail-cni': 'Sail IstioCNI',
  'sail-ztunnel': 'Sail ZTunnel',
  'mesh-configmap': 'mesh config in a ConfigMap',
  'istiod-deployment': 'Deployment of istiod',
  'ztunnel-daemonset': 'DaemonSet of ztunnel',
};

export function clusterEvidence(grounds: ClusterGrounds): readonly Evidence[] {
  const { group, files } = grounds;
  const { file = '' } = files.find((one) => one.file.startsWith(`${group?.id}/`)) ?? files[0] ?? {};
  return [
    ...memberEvidence(grounds),
    ...nameEvidence(grounds),
    ...controlPlaneEvidence(grounds.install),
    ...networkEvidence(grounds),
    ...meshEvidence(grounds),
    ...versionEvidence(grounds),
  ].map((found) => ({ file, ...found }));
}

function* memberEvidence({ declared, group }: ClusterGrounds): Generator<Found> {
  if (declared?.takes !== undefined) {
    yield { field: 'member', at: declared.at && below(declared.at, 'paths'), why: declaredWhy(declared.config) };
  } else if (group !== undefined) yield { field: 'member', at: group.deployed?.at, why: groupWhy(group) };
}

/** Such as `folder clusters/east` or `'east' in file names of istio/`. */
function groupWhy(group: FileGroup): string {
  if (group.deployed !== undefined) return group.deployed.why;
  const step = group.key.at(-1);
  if (step === undefined) return NOTHING_TELLS;
  if (hasOwnFolder(group)) return `folder ${group.id}`;
  const [folder = ''] = [...group.folders].sort();
  return `'${step}' in file names${folder === '' ? '' : ` of ${folder}/`}`;
}

function* nameEvidence({ declared, group, install }: ClusterGrounds): Generator<Found> {
  const stated = statedName(install);
  if (declared !== undefined) {
    yield { field: 'name', at: declared.at && below(declared.at, 'name'), why: declaredWhy(declared.config) };
  }
  if (isKnown(stated)) {
    const differs = declared !== undefined && declared.name !== stated.value;
    yield {
      field: 'name',
      at: stated.at,
      why: 'global.multiCluster.clusterName',
      ...(differs ? { contradicts: true } : {}),
    };
  } else if (declared === undefined && group !== undefined) {
    const why = group.key.length > 0 || group.deployed !== undefined ? groupWhy(group) : wholeName(group, install).why;
    yield { field: 'name', at: group.deployed?.at, why };
    yield* unreadEvidence('name', install.clusterName, 'global.multiCluster.clusterName');
  }
  const ztunnel = install.defaulted.has('ztunnel.clusterName') ? undefined : install.ztunnel?.clusterName;
  if (isKnown(ztunnel) && isKnown(stated) && ztunnel.value !== stated.value) {
    yield { field: 'name', at: ztunnel.at, why: `ztunnel's clusterName '${ztunnel.value}'`, contradicts: true };
  }
}

function* controlPlaneEvidence({ statements, controlPlane, controlPlaneSigns }: InstallSettings): Generator<Found> {
  if (controlPlane !== 'none') {
    for (const { form, at, chart } of statements) {
      if (chart !== 'cni' && chart !== 'base' && form !== 'sail-cni')
        yield { field: 'controlPlane', at, why: FORMS[form] };
    }
  }
  for (const { at, what } of controlPlaneSigns) yield { field: 'controlPlane', at, why: what };
}

/** The label of the istiod namespace first: it is what istiod reads (semantics.md A.0.2). */
function* networkEvidence({ declared, files, install }: ClusterGrounds): Generator<Found> {
  const namespace = knownValue(install.istioNamespace) ?? 'istio-system';
  const labels = files.flatMap(({ networks }) => networks.filter(({ name }) => name === namespace));
  const sources: [Field<string>, string][] = [
    ...labels.map(({ network }): [Field<string>, string] => [network, `label on Namespace ${namespace}`]),
    [install.network, 'global.network'],
    [install.ztunnel?.network, "ztunnel's network"],
  ];
  let first = declared?.network?.value;
  if (declared?.network !== undefined)
    yield { field: 'network', at: declared.network.at, why: declaredWhy(declared.config) };
  for (const [field, why] of sources) {
    if (!isKnown(field)) continue;
    first ??= field.value;
    yield { field: 'network', at: field.at, why, ...(field.value === first ? {} : { contradicts: true }) };
  }
  if (first === undefined) for (const [field, why] of sources) yield* unreadEvidence('network', field, why);
}

function* meshEvidence({ declared, install }: ClusterGrounds): Generator<Found> {
  const id = declared?.mesh?.id;
  if (declared?.mesh !== undefined)
    yield { field: 'mesh', at: below(declared.mesh.at, 'id'), why: declaredWhy(declared.config) };
  if (!isKnown(install.meshID)) {
    if (id === undefined) yield* unreadEvidence('mesh', install.meshID, 'meshID');
    return;
  }
  const differs = id !== undefined && id !== install.meshID.value;
  yield { field: 'mesh', at: install.meshID.at, why: 'meshID', ...(differs ? { contradicts: true } : {}) };
}

/** Where a property would be told, if a placeholder did not stand there. What another layer may set is written nowhere. */
function* unreadEvidence(property: Found['field'], field: Field<unknown>, why: string): Generator<Found> {
  if (isUnknown(field) && field.unknown !== 'layered')
    yield { field: property, at: field.at, why, unknown: field.unknown };
}
