/** What all install statements of one cluster amount to. Pure: the same statements give the same settings. */
import { sameAnchor } from '../../base/anchor.ts';
import { type Field, knownValue } from '../field.ts';
import type { ControlPlaneSign, InstallForm, InstallSettings, InstallStatement, Refusal } from '../install.ts';
import { combineControlPlanes, combineSwitch, combineZtunnels } from './combine.ts';
import {
  type ControlPlane,
  type FormReading,
  type LayeredStatement,
  NO_CONTROL_PLANE,
  type TraitsOf,
  withInstaller,
  type ZtunnelReading,
} from './control-plane.ts';
import { isOfSolo } from './distribution.ts';
import { readHelmValues } from './helm.ts';
import { readIstioOperator } from './istio-operator.ts';
import { chartTraits } from './istio-version.ts';
import { readIstiodDeployment, readMeshConfigMap, readZtunnelDaemonSet } from './raw.ts';
import { readSailCni, readSailIstio, readSailZtunnel } from './sail.ts';

export interface InstallInput {
  /** The statements of one cluster, in any order. Layers that lie below another statement are listed with it only. */
  readonly statements: readonly LayeredStatement[];
  /** The version of clusters that do not say (configuration). */
  readonly istioVersion: string | undefined;
  /** The version that counts whatever the manifests say: declared for this cluster, or assumed for all ("what if"). */
  readonly assumeIstioVersion?: string | undefined;
  /** True if the workspace is declared to hold all that is applied: then no layer is missing. */
  readonly complete: boolean;
}

/** The control plane's forms come first: a ztunnel that names no version has that of its control plane. */
const ZTUNNEL_FORMS: ReadonlySet<InstallForm> = new Set(['sail-ztunnel', 'ztunnel-daemonset']);

function isZtunnelOnly({ statement }: LayeredStatement): boolean {
  return ZTUNNEL_FORMS.has(statement.form) || (statement.form === 'helm-values' && statement.chart === 'ztunnel');
}

interface Company {
  readonly chartFiles: readonly InstallStatement[];
  readonly istios: readonly LayeredStatement[];
}

function readStatement(layered: LayeredStatement, company: Company, traitsOf: TraitsOf): FormReading[] {
  switch (layered.statement.form) {
    case 'istio-operator':
      return [readIstioOperator(layered, traitsOf)];
    case 'helm-values':
      return readHelmValues(layered, company.chartFiles, traitsOf);
    case 'helm-chart':
      return [];
    case 'sail-istio':
      return [readSailIstio(layered, traitsOf)];
    case 'sail-cni':
      return [readSailCni(layered)];
    case 'sail-ztunnel':
      return [readSailZtunnel(layered, company.istios, traitsOf)];
    case 'mesh-configmap':
      return [readMeshConfigMap(layered)];
    case 'istiod-deployment':
      return [readIstiodDeployment(layered)];
    case 'ztunnel-daemonset':
      return [readZtunnelDaemonSet(layered)];
  }
}

function revisionOf(plane: ControlPlane): string {
  const revision = knownValue(plane.revision) ?? '';
  return revision === 'default' ? '' : revision;
}

/**
 * The control plane that counts: the unrevisioned one, else the one with the tag `default`, else the only one. Several of equal rank that differ make the
 * fields in which they differ unknown. A mesh config of the same revision completes it.
 */
function chooseControlPlane(planes: readonly ControlPlane[]): ControlPlane | undefined {
  // A bare mesh config is no control plane: it has neither a name nor an environment.
  const isBare = (plane: ControlPlane): boolean => !plane.hasIstiod && plane.clusterName === undefined;
  const full = planes.filter((plane) => !isBare(plane));
  const unrevisioned = full.filter((plane) => revisionOf(plane) === '');
  const tagged = full.filter(isDefault);
  const ranked = [unrevisioned, tagged, full].find((some) => some.length > 0) ?? [];
  const revisions = new Set(ranked.map(revisionOf));
  const configs = planes.filter(
    (plane) =>
      isBare(plane) &&
      (ranked.length === 0 ? revisionOf(plane) === '' || planes.length === 1 : revisions.has(revisionOf(plane))),
  );
  const parts = [...ranked, ...configs];
  return parts.length === 0 ? undefined : parts.reduce(combineControlPlanes);
}

/** What names no revision goes to the one with this tag, as east-west gateways and waypoints mostly do. */
function isDefault({ revisionTags }: ControlPlane): boolean {
  return (knownValue(revisionTags) ?? []).some((tag) => knownValue(tag) === 'default');
}

/** istioctl refuses a file that holds several IstioOperators (oracle `iop-two-documents-one-file`). */
function severalInOneFile(statements: readonly LayeredStatement[]): readonly Refusal[] {
  const operators = statements.filter(({ statement }) => statement.form === 'istio-operator');
  const files = operators.map(({ statement }) => statement.file);
  return operators
    .filter((_, i) => files.indexOf(files[i] as string) < i)
    .map(({ statement: { at } }) => ({
      value: 'istioctl refuses a file that holds several IstioOperators',
      at,
      subject: 'Istio',
    }));
}

/** What reaches several charts is refused by each. */
function oncePerPlace(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.filter(({ at }, i) => refusals.findIndex((one) => sameAnchor(one.at, at)) === i);
}

function roleOf(plane: ControlPlane | undefined, signs: readonly ControlPlaneSign[]): InstallSettings['controlPlane'] {
  if (signs.some((sign) => sign.role === 'remote')) return 'remote';
  if (plane === undefined || !plane.hasIstiod) return 'none';
  return signs.some((sign) => sign.role === 'external') ? 'external' : 'primary';
}

/** Concludes the settings of one cluster from its statements (semantics.md A.0.1-A.0.4, A.2). */
export function installSettings(input: InstallInput): InstallSettings {
  const stated = input.statements.map(withInstaller);
  const statements = input.complete ? stated.map((layered) => ({ ...layered, layersOpen: false })) : stated;
  const company: Company = {
    chartFiles: statements.map(({ statement }) => statement).filter(({ form }) => form === 'helm-chart'),
    istios: statements.filter(({ statement }) => statement.form === 'sail-istio'),
  };
  const traitsGiven =
    (otherwise: Field<string>): TraitsOf =>
    (stated) =>
      chartTraits(input.assumeIstioVersion ?? knownValue(stated) ?? knownValue(otherwise) ?? input.istioVersion);

  const first = statements
    .filter((layered) => !isZtunnelOnly(layered))
    .flatMap((layered) => readStatement(layered, company, traitsGiven(undefined)));
  const plane = chooseControlPlane(first.flatMap(({ controlPlane }) => controlPlane ?? []));
  const traitsOfZtunnel = traitsGiven(plane?.istioVersion);
  const second = statements
    .filter(isZtunnelOnly)
    .flatMap((layered) => readStatement(layered, company, traitsOfZtunnel));

  const readings = [...first, ...second];
  const signs = readings.flatMap((reading) => reading.signs ?? []);
  const ztunnels = readings.flatMap(({ ztunnel }) => ztunnel ?? []);
  const ztunnel: ZtunnelReading | undefined = ztunnels.length === 0 ? undefined : ztunnels.reduce(combineZtunnels);
  const { places, defaulted, ...settings } = plane ?? NO_CONTROL_PLANE;
  const ofSolo = isOfSolo(statements);
  return {
    ...settings,
    istioVersion: settings.istioVersion ?? ztunnel?.settings.istioVersion,
    statements: statements.map(({ statement }) => statement),
    forms: new Set(statements.map(({ statement }) => statement.form)),
    cniAmbient: readings.map(({ cniAmbient }) => cniAmbient).reduce(combineSwitch, undefined),
    defaultRevision: readings.map((reading) => reading.defaultRevision).find(Boolean) ?? settings.defaultRevision,
    enablementSelectors: readings.find(({ enablementSelectors }) => enablementSelectors)?.enablementSelectors,
    controlPlaneSigns: signs,
    controlPlane: roleOf(plane, signs),
    ztunnel: ztunnel?.settings,
    defaulted: new Set([...defaulted, ...(ztunnel?.defaulted ?? [])]),
    places: {
      ...places,
      cniAmbient: readings.find(({ cniPlace }) => cniPlace)?.cniPlace,
      ztunnelClusterName: ztunnel?.places.clusterName,
      ztunnelNetwork: ztunnel?.places.network,
    },
    ofSolo,
    namespaceLabels: undefined,
    // Solo's charts are its own.
    refusals: ofSolo
      ? []
      : oncePerPlace([...readings.flatMap(({ refusals = [] }) => refusals), ...severalInOneFile(statements)]),
  };
}
