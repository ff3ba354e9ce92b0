/** Recognises the values of Istio's charts among all values files, by what only they have, else by the file's name. */
import { type Cursor, entries, get, items } from '../yaml/read.ts';
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

/** The chart of Istio with this name or customary alias. */
export function chartNamed(name: string): Chart | undefined {
  return CHART_NAMES.get(name);
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

const MESH_CONFIG_KEYS = [
  'trustDomain',
  'serviceScopeConfigs',
  'defaultConfig',
  'discoverySelectors',
  'accessLogFile',
  'rootNamespace',
  'extensionProviders',
  'outboundTrafficPolicy',
];

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

/** The chart that the words of a file's name (or, for `values.yaml`, of its folder) speak of. */
export function chartOfPath(file: string): Chart | undefined {
  const segments = file.toLowerCase().split('/');
  const name = (segments.pop() ?? '').replace(/\.ya?ml$/, '');
  const words = name.split(/[-_.]/);
  if (words.includes('ztunnel')) return 'ztunnel';
  if (words.includes('istiod')) return 'istiod';
  // Other networks have files such as `aws-vpc-cni.yaml`.
  if (words[0] === 'cni' || (words.includes('cni') && words.includes('istio'))) return 'cni';
  return words[0] === 'values' || words.at(-1) === 'values' ? CHART_NAMES.get(segments.pop() ?? '') : undefined;
}

/** Keys of the values that a file named after a chart may hold alone; anything else there is not Istio's. */
const CHART_KEYS: ReadonlySet<string> = new Set([
  'profile',
  'global',
  'env',
  'logLevel',
  'logging',
  'resources',
  'revision',
  'tag',
  'hub',
  'image',
  'variant',
  'network',
  'ztunnel',
  'cni',
  'ambient',
  'meshConfig',
  'pilot',
  'podAnnotations',
  'podLabels',
  'imagePullPolicy',
  'imagePullSecrets',
  'terminationGracePeriodSeconds',
  'platform',
  'nodeSelector',
  'tolerations',
  'affinity',
  'replicaCount',
  'autoscaleEnabled',
  'autoscaleMin',
  'autoscaleMax',
  'istioNamespace',
  'xdsAddress',
  'caAddress',
  'istiod',
]);

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
  const named = chartOfPath(file);
  if (nestedChart(values, 'istiod') || nestedChart(values, 'istio-istiod')) return 'umbrella';
  if (named !== 'ztunnel' && (nestedChart(values, 'ztunnel') || nestedChart(values, 'istio-ztunnel'))) {
    return looksLikeIstiod(values) ? 'istiod' : 'umbrella';
  }
  if (looksLikeIstiod(values) && named !== 'ztunnel') return 'istiod';
  if (looksLikeZtunnel(values)) return 'ztunnel';
  if (looksLikeCni(values)) return 'cni';
  if (named !== undefined && entries(values).every(([key]) => CHART_KEYS.has(key))) return named;
  if (hasIstioGlobals(values)) return 'istiod';
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
