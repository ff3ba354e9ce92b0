/** Reads an IstioOperator as istioctl does (operator/pkg/render; semantics.md A.0.1, A.0.4; oracle `iop-*`). */
import { below } from '../../base/anchor.ts';
import { type Cursor, entries, get } from '../../yaml/read.ts';
import { type Field, isKnown, isUnknown, type Known, knownValue } from '../field.ts';
import type { ControlPlaneSign } from '../install.ts';
import { reach, readBoolean } from '../read-scalar.ts';
import { named, printed, switchField } from './chart-values.ts';
import {
  type FormReading,
  type LayeredStatement,
  mergedTree,
  type TraitsOf,
  type ZtunnelReading,
} from './control-plane.ts';
import { valuesSigns } from './control-plane-signs.ts';
import { componentEnv, mergeEnv, readEnvList, readOverlayEnv } from './env.ts';
import { versionField } from './istio-version.ts';
import { readIstiodChart } from './istiod-chart.ts';
import { mergeValues } from './merge-values.ts';
import { chartProfile, profileComponents } from './profiles.ts';
import { readZtunnelChart } from './ztunnel-chart.ts';

/** The keys of `spec.values`; istioctl refuses others (operator/pkg/apis/values_types.proto, message Values). */
const VALUES_KEYS: ReadonlySet<string> = new Set([
  'cni',
  'gateways',
  'global',
  'pilot',
  'ztunnel',
  'telemetry',
  'sidecarInjectorWebhook',
  'istio_cni',
  'revision',
  'ownerName',
  'meshConfig',
  'base',
  'istiodRemote',
  'revisionTags',
  'defaultRevision',
  'profile',
  'compatibilityVersion',
  'experimental',
  'gatewayClasses',
]);

const TYPED_NAMES = [
  ['global', 'network'],
  ['global', 'meshID'],
  ['global', 'multiCluster', 'clusterName'],
  ['global', 'istioNamespace'],
];

/** Why istioctl refuses `spec.values`. Of `global` only what users are known to write there is looked for: its keys differ by version. */
function refusal(values: Cursor | undefined): Known<string> | undefined {
  for (const [key, { at }] of entries(values)) {
    if (!VALUES_KEYS.has(key)) return { value: `unknown field "${key}" in spec.values`, at: { ...at, part: 'key' } };
  }
  const trustDomain = get(values, 'global', 'trustDomain');
  if (trustDomain !== undefined) {
    return { value: 'unknown field "trustDomain" in spec.values.global', at: { ...trustDomain.at, part: 'key' } };
  }
  for (const path of TYPED_NAMES) {
    const field = named(reach(values, ...path), 'typed');
    if (isUnknown(field) && field.unknown === 'wrong-type')
      return { value: `spec.values.${path.join('.')} is no string`, at: field.at };
  }
  return undefined;
}

/** A profile that is none of Istio's own is a file that is not in sight. */
function readProfile(cursor: Cursor | undefined): Field<string> {
  const field = named(cursor, 'printed');
  return isKnown(field) && chartProfile(field.value) === undefined ? { unknown: 'layered', at: field.at } : field;
}

export function readIstioOperator(layered: LayeredStatement, traitsOf: TraitsOf): FormReading {
  const { at } = layered.statement;
  const layersOpen = layered.layersOpen ?? false;
  const spec = reach(mergedTree(layered), 'spec');
  const values = mergeValues(reach(spec, 'values'), reach(spec, 'unvalidatedValues'));
  const specProfile = readProfile(reach(spec, 'profile'));
  const chosen = profileComponents(knownValue(specProfile) ?? 'default');
  const enabled = (component: 'pilot' | 'cni' | 'ztunnel'): boolean =>
    knownValue(readBoolean(reach(spec, 'components', component, 'enabled'))) ?? chosen[component];

  // `spec.profile` selects components and is handed to the charts, where `values.profile` wins.
  const profile = readProfile(get(values, 'profile')) ?? specProfile;
  const namespace = named(reach(values, 'global', 'istioNamespace'), 'typed') ?? { value: 'istio-system', at };
  const specTag = printed(reach(spec, 'tag'));
  const signs: ControlPlaneSign[] = [];
  let controlPlane: FormReading['controlPlane'];

  if (enabled('pilot')) {
    const inValues = get(spec, 'meshConfig') === undefined && get(values, 'meshConfig') !== undefined;
    const istiod = readIstiodChart(
      {
        values,
        meshConfigOver: reach(spec, 'meshConfig'),
        envOver: mergeEnv(
          readEnvList(componentEnv(spec, 'pilot')),
          readOverlayEnv(reach(spec, 'components', 'pilot', 'k8s', 'overlays')),
        ),
        envListPlace: componentEnv(spec, 'pilot'),
        profile,
        reading: 'typed',
        at,
        valuesAt: below(at, 'spec', 'values'),
        meshConfigAt: inValues ? below(at, 'spec', 'values', 'meshConfig') : below(at, 'spec', 'meshConfig'),
        namespace,
        version: layered.chartVersion,
        tagOver:
          printed(reach(spec, 'components', 'pilot', 'tag')) ?? printed(reach(values, 'pilot', 'tag')) ?? specTag,
        revision: named(reach(spec, 'revision'), 'printed') ?? named(reach(values, 'revision'), 'printed'),
        layersOpen,
      },
      traitsOf,
    );
    controlPlane = istiod.controlPlane;
    signs.push(...istiod.signs);
  } else {
    signs.push(...valuesSigns(values, profile));
    const disabled = reach(spec, 'components', 'pilot', 'enabled');
    if (disabled !== undefined && (enabled('ztunnel') || enabled('cni'))) {
      signs.push({ at: disabled.at, role: 'remote', what: 'components.pilot.enabled: false' });
    }
  }

  let ztunnel: ZtunnelReading | undefined;
  if (enabled('ztunnel')) {
    const version =
      versionField(printed(reach(spec, 'components', 'ztunnel', 'tag')) ?? specTag) ?? controlPlane?.istioVersion;
    const ownNamespace = named(reach(spec, 'components', 'ztunnel', 'namespace'), 'printed');
    const openshift = isKnown(specProfile) && specProfile.value === 'openshift-ambient';
    const read = readZtunnelChart(
      {
        values: reach(values, 'ztunnel'),
        global: reach(values, 'global'),
        envOver: readEnvList(componentEnv(spec, 'ztunnel')),
        at,
        valuesAt: below(at, 'spec', 'values', 'ztunnel'),
        globalAt: below(at, 'spec', 'values', 'global'),
        // manifests/profiles/openshift-ambient.yaml puts ztunnel into kube-system.
        namespace: ownNamespace ?? (openshift ? { value: 'kube-system', at: specProfile.at } : namespace),
        inheritsGlobal: true,
        layersOpen,
      },
      traitsOf(version),
    );
    ztunnel = read.ztunnel;
    signs.push(...read.signs);
  }

  const ambientProfile = isKnown(profile) ? (chartProfile(profile.value)?.ambient ?? false) : false;
  return {
    controlPlane,
    ztunnel,
    signs,
    cniAmbient: enabled('cni')
      ? (switchField(reach(values, 'cni', 'ambient', 'enabled')) ?? { value: ambientProfile, at: profile?.at ?? at })
      : undefined,
    rejected: refusal(reach(spec, 'values')),
  };
}
