/**
 * What the ztunnel chart makes of its values: `env` beats the root, the root beats `global` (manifests/charts/ztunnel;
 * semantics.md A.0.2, A.0.3).
 */
import { type Anchor, below } from '../../base/anchor.ts';
import type { Cursor } from '../../yaml/read.ts';
import { type Field, isKnown } from '../field.ts';
import type { ControlPlaneSign } from '../install.ts';
import { reach } from '../read-scalar.ts';
import { leftEmpty, named, type Reading } from './chart-values.ts';
import { gapsOf, placeOf, type ZtunnelReading } from './control-plane.ts';
import { foreignAddress } from './control-plane-signs.ts';
import { type Env, envValue, mergeEnv, NO_ENV, readEnvMap } from './env.ts';
import type { ChartTraits } from './istio-version.ts';
import { misspeltValues } from './misspelt-values.ts';

export interface ZtunnelChartInput {
  /** The chart's own values (for IstioOperator and Sail what is below `ztunnel`). */
  readonly values: Cursor | undefined;
  /** `global`, as it reaches the chart. */
  readonly global: Cursor | undefined;
  readonly globalReading: Reading;
  /** What counts as the chart's own defaults (`_internal_defaults_do_not_set`): all else wins over it. */
  readonly defaults?: Cursor | undefined;
  readonly envOver?: Env;
  /** The statement: where values that are left out are shown. */
  readonly at: Anchor;
  /** Where the chart's own values and `global` are written; they need not exist yet. */
  readonly valuesAt: Anchor;
  readonly globalAt: Anchor;
  readonly namespace: Field<string>;
  /** What the image, the chart or the installer says. */
  readonly version: Field<string>;
  readonly inheritsGlobal: boolean;
  readonly layersOpen: boolean;
}

/** The chart prints the name unquoted: a number with an exponent reaches the API server as a number (oracle `helm-big-number-name`). */
function installable(field: Field<string>): Field<string> {
  return isKnown(field) && /^\d+(?:\.\d+)?e[+-]\d+$/.test(field.value)
    ? { unknown: 'wrong-type', at: field.at }
    : field;
}

function readNetwork(input: ZtunnelChartInput, env: Env, traits: ChartTraits): Field<string> {
  const fromEnv = envValue(env, 'NETWORK');
  if (fromEnv !== undefined || traits.ztunnelNetwork === 'none') return fromEnv;
  return traits.ztunnelNetwork === 'root'
    ? ownOrGlobal(input, 'network')
    : (named(reach(input.global, 'network'), input.globalReading) ??
        named(reach(input.defaults, 'global', 'network'), 'printed'));
}

/** What the chart's own values have wins over `global`, be it empty: they are merged over it (`templates/zzz_profile.yaml`). */
function ownOrGlobal(input: ZtunnelChartInput, ...path: readonly string[]): Field<string> {
  const { values, global, globalReading, defaults } = input;
  const own = reach(values, ...path);
  if (own !== undefined) return named(own, 'printed') ?? leftEmpty(own);
  return named(reach(global, ...path), globalReading) ?? named(reach(defaults, ...path), 'printed');
}

/** Reads a ztunnel from the values of its chart. `traits`: how the version's chart behaves. */
export function readZtunnelChart(
  input: ZtunnelChartInput,
  traits: ChartTraits,
): { ztunnel: ZtunnelReading; signs: ControlPlaneSign[] } {
  const { values, inheritsGlobal } = input;
  const gaps = gapsOf(input.at, input.layersOpen);
  const env = mergeEnv(
    readEnvMap(reach(input.defaults, 'env')),
    // Printed after what the chart sets itself, and before `env` (templates/daemonset.yaml): the last of one name counts.
    readEnvMap(reach(values, 'meshConfig', 'defaultConfig', 'proxyMetadata')),
    readEnvMap(reach(values, 'env')),
    input.envOver ?? NO_ENV,
  );
  const name = installable(envValue(env, 'ISTIO_META_CLUSTER_ID') ?? ownOrGlobal(input, 'multiCluster', 'clusterName'));
  const network = readNetwork(input, env, traits);
  const nested = reach(values, 'ztunnel');
  const reads = traits.ztunnelNetwork;
  const idle =
    reads === 'global'
      ? named(reach(values, 'network'), 'printed')
      : reads === 'none'
        ? ownOrGlobal(input, 'network')
        : undefined;
  const nameAt = inheritsGlobal ? input.globalAt : input.valuesAt;
  const networkAt = inheritsGlobal || reads === 'global' ? input.globalAt : input.valuesAt;
  return {
    ztunnel: {
      settings: {
        at: input.at,
        clusterName: gaps.fill(name, 'Kubernetes', 'ztunnel.clusterName'),
        network: gaps.leave(network, 'ztunnel.network'),
        namespace: input.namespace,
        istioVersion: input.version,
        inheritsGlobal,
        misspelt: misspeltValues('ztunnel', values),
        ...(nested?.node.type === 'map' ? { idle: nested.at } : {}),
        ...(isKnown(idle) ? { idleNetwork: idle.at } : {}),
      },
      defaulted: gaps.defaulted,
      places: {
        clusterName: placeOf(name, { at: below(nameAt, 'multiCluster', 'clusterName') }),
        network:
          reads === 'none' && network === undefined ? undefined : placeOf(network, { at: below(networkAt, 'network') }),
      },
    },
    signs: [
      ...foreignAddress(named(reach(values, 'xdsAddress'), 'printed'), 'ztunnel xdsAddress'),
      ...foreignAddress(named(reach(values, 'caAddress'), 'printed'), 'ztunnel caAddress'),
    ],
  };
}
