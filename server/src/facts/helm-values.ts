/** Recognises the values of Istio's charts among all values files, by what only they have, else by the file's name. */
import { type Cursor, entries, get, items } from '../yaml/read.ts';
import { misspeltValues } from './install/misspelt-values.ts';
import type { Chart } from './install.ts';
import { reach } from './read-scalar.ts';

/** Names of Istio's charts, and the names under which umbrella charts usually nest their values. */
const CHART_NAMES: ReadonlyMap<string, Chart> = new Map<string, Chart>([
  ['istiod', 'istiod'],
  ['istio-discovery', 'istiod'],
  ['istio-istiod', 'istiod'],
  ['ztunnel', 'ztunnel'],
  ['istio-ztunnel', 'ztunnel'],
  ['cni', 'cni'],
  ['istio-cni', 'cni'],
  ['istio-base', 'base'],
]);

/** The chart of Istio with this name or customary alias. `base` alone is the name of many: see `isIstioBase`. */
export function chartNamed(name: string): Chart | undefined {
  return CHART_NAMES.get(name);
}

/**
 * True for Istio's chart `base`, of which only the name is not enough.
 * @param places where it comes from and goes to: repository, release, namespace
 */
export function isIstioBase(name: string, ...places: readonly (string | undefined)[]): boolean {
  return name === 'base' && places.some((place) => place !== undefined && /(?:^|[^a-z])istio/i.test(place));
}

function isMap(values: Cursor, ...keys: readonly string[]): boolean {
  return get(values, ...keys)?.node.type === 'map';
}

function has(values: Cursor, ...keys: readonly string[]): boolean {
  return get(values, ...keys) !== undefined;
}

/** True if a key of the map is a flag of istiod. */
function hasPilotFlag(env: Cursor | undefined): boolean {
  for (const [key] of entries(env)) if (/^(?:PILOT|AMBIENT|ISTIOD|EXTERNAL_ISTIOD)(?:_|$)/.test(key)) return true;
  return false;
}

/** `clusterName` counts only in places where Istio reads it: many other charts have a key of that name. */
function hasIstioGlobals(values: Cursor): boolean {
  return has(values, 'global', 'meshID') || has(values, 'global', 'multiCluster', 'clusterName');
}

const MESH_CONFIG_KEYS = (
  'accessLogFile defaultConfig discoverySelectors extensionProviders outboundTrafficPolicy rootNamespace ' +
  'serviceScopeConfigs trustDomain'
).split(' ');

function looksLikeIstiod(values: Cursor): boolean {
  if (isMap(values, '_internal_defaults_do_not_set') || has(values, 'trustedZtunnelNamespace')) return true;
  if (hasPilotFlag(get(values, 'pilot', 'env')) || hasPilotFlag(get(values, 'env'))) return true;
  if (isMap(values, 'istiodRemote') || isMap(values, 'sidecarInjectorWebhook')) return true;
  if (MESH_CONFIG_KEYS.some((key) => has(values, 'meshConfig', key))) return true;
  if (isMap(values, 'defaults')) {
    const below = get(values, 'defaults') as Cursor;
    return looksLikeIstiod(below) || hasIstioGlobals(below);
  }
  return isMap(values, 'pilot') && (isMap(values, 'global') || isMap(values, 'meshConfig'));
}

function looksLikeZtunnel(values: Cursor): boolean {
  return has(values, 'multiCluster', 'clusterName') || (has(values, 'xdsAddress') && has(values, 'caAddress'));
}

function looksLikeCni(values: Cursor): boolean {
  return has(values, 'cni', 'ambient') || has(values, 'cni', 'cniBinDir') || has(values, 'ambient', 'dnsCapture');
}

/** Root keys of the values of the chart base (manifests/charts/base/values.yaml), and those that every chart of Istio reads. */
const BASE_KEYS: ReadonlySet<string> = new Set(
  'base compatibilityVersion defaultRevision experimental global platform profile'.split(' '),
);

/** Keys below `base` that no other chart has. */
const BASE_SETTINGS = 'enableCRDTemplates enableIstioConfigCRDs excludedCRDs validationCABundle validationURL'.split(
  ' ',
);

function fitsBase(values: Cursor): boolean {
  return entries(values).every(([key]) => BASE_KEYS.has(key)) && !hasIstioGlobals(values);
}

/** `defaultRevision` alone may be a layer of another chart's values, if the path says so. */
function looksLikeBase(values: Cursor): boolean {
  return fitsBase(values) && (has(values, 'defaultRevision') || BASE_SETTINGS.some((key) => has(values, 'base', key)));
}

/** True if the map below a customary chart name holds what that chart reads. */
function nestedChart(values: Cursor, key: string): boolean {
  if (!isMap(values, key)) return false;
  const nested = get(values, key) as Cursor;
  switch (CHART_NAMES.get(key)) {
    case 'istiod':
      return looksLikeIstiod(nested) || hasIstioGlobals(nested) || has(nested, 'profile');
    case 'ztunnel':
      return looksLikeZtunnel(nested) || has(nested, 'network') || isMap(nested, 'global');
    default:
      return false;
  }
}

/** The chart that the words of a name speak of. Other networks have files such as `aws-vpc-cni.yaml`. */
function chartOfWords(name: string): Chart | undefined {
  const words = name.toLowerCase().split(/[-_.]/);
  if (words.includes('ztunnel')) return 'ztunnel';
  if (words.includes('istiod')) return 'istiod';
  if (words[0] === 'cni' || (words.includes('cni') && words.includes('istio'))) return 'cni';
  return words.includes('base') && words.includes('istio') ? 'base' : undefined;
}

/** The chart that a file's own name speaks of, and else that of the nearest folder that speaks of one. */
function chartOfPath(file: string): { readonly byName: Chart | undefined; readonly byPath: Chart | undefined } {
  const segments = file.split('/');
  const byName = chartOfWords(segments.at(-1) ?? '');
  const folders = segments.slice(0, -1).reverse();
  return { byName, byPath: byName ?? folders.map(chartOfWords).find((chart) => chart !== undefined) };
}

/**
 * Root keys of the charts' values (manifests/charts, 1.27 to 1.32), and those that their templates read beside them. A file that only its
 * path gives to a chart must have no others.
 */
const CHART_KEYS: ReadonlySet<string> = new Set(
  // All charts.
  (
    '_internal_defaults_do_not_set compatibilityVersion defaults env global hub image platform podAnnotations podLabels profile ' +
    'resources revision tag tolerations variant ' +
    // istiod
    'affinity autoscaleBehavior autoscaleEnabled autoscaleMax autoscaleMin base cni configMap cpu defaultRevision deploymentAnnotations ' +
    'deploymentLabels envVarFrom experimental extraContainerArgs gatewayClasses gateways initContainers ipFamilies ipFamilyPolicy ' +
    'istioNamespace istiodRemote jwksResolverExtraRootCA keepaliveMaxServerConnectionAge memory meshConfig nodeSelector ownerName pdb ' +
    'pilot replicaCount revisionTags rollingMaxSurge rollingMaxUnavailable seccompProfile serviceAccountAnnotations serviceAnnotations ' +
    'sidecarInjectorWebhook sidecarInjectorWebhookAnnotations taint telemetry topologySpreadConstraints traceSampling ' +
    'trustedZtunnelName trustedZtunnelNamespace volumeMounts volumes ' +
    // ztunnel
    'annotations caAddress dnsConfig dnsPolicy imagePullPolicy imagePullSecrets labels logAsJson logLevel multiCluster network ' +
    'peerCaCrl resourceName resourceQuotas resourceScope seLinuxOptions terminationGracePeriodSeconds updateStrategy xdsAddress ztunnel ' +
    // cni
    'ambient chained cniBinDir cniConfDir cniConfFileName cniNetnsDir daemonSetLabels excludeNamespaces istioOwnedCNIConfig ' +
    'istioOwnedCNIConfigFileName logging provider pullPolicy repair useAppArmorAnnotation'
  ).split(' '),
);

/** True if nothing in the values speaks against the chart that the path names; a cni needs something that only Istio's has. */
function fitsChart(values: Cursor, chart: Chart): boolean {
  if (chart === 'base') return fitsBase(values);
  const misspelt = chart === 'istiod' || chart === 'ztunnel' ? misspeltValues(chart, values) : [];
  if (!entries(values).every(([key]) => CHART_KEYS.has(key) || misspelt.some(({ path }) => path === key))) return false;
  return chart !== 'cni' || ['profile', 'cni', 'ambient', 'global'].some((key) => has(values, key));
}

/** True for the `values.yaml` inside a copy of one of Istio's charts: it states the chart's defaults, not an installation. */
function isChartsOwnFile(values: Cursor): boolean {
  const keys = entries(values);
  return keys.length === 1 && keys[0]?.[0] === '_internal_defaults_do_not_set';
}

/**
 * The chart that a values document is for; undefined if it is not for one of Istio's.
 * @param values the root of a document without `kind`
 */
export function chartOfValues(values: Cursor, file: string): Chart | undefined {
  if (has(values, 'apiVersion') || isChartsOwnFile(values)) return undefined;
  const { byName, byPath } = chartOfPath(file);
  if (nestedChart(values, 'istiod') || nestedChart(values, 'istio-istiod')) return 'umbrella';
  // Below a key `ztunnel` the ztunnel chart itself reads nothing; in the folder of a wrapping chart it is the dependency.
  if (byName !== 'ztunnel' && (nestedChart(values, 'ztunnel') || nestedChart(values, 'istio-ztunnel'))) {
    return looksLikeIstiod(values) ? 'istiod' : 'umbrella';
  }
  if (looksLikeIstiod(values) && byPath !== 'ztunnel') return 'istiod';
  if (looksLikeZtunnel(values)) return 'ztunnel';
  if (looksLikeCni(values)) return 'cni';
  if (byPath !== undefined && fitsChart(values, byPath)) return byPath;
  if (hasIstioGlobals(values)) return 'istiod';
  if (looksLikeBase(values)) return 'base';
  return has(values, 'networkGateway') ? 'gateway' : undefined;
}

/** True for the `Chart.yaml` of a chart that depends on one of Istio's. */
export function isIstioUmbrella(root: Cursor): boolean {
  if (!has(root, 'apiVersion')) return false;
  return items(get(root, 'dependencies')).some((dependency) => {
    const node = reach(dependency, 'name')?.node;
    return node?.type === 'scalar' && CHART_NAMES.has(node.text);
  });
}
