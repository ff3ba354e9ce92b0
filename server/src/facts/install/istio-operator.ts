/** Reads an IstioOperator as istioctl does (operator/pkg/render; semantics.md A.0.1, A.0.4; oracle `iop-*`). */
import { type Anchor, below } from '../../base/anchor.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import { type Field, isKnown, knownValue } from '../field.ts';
import type { ControlPlaneSign, Refusal } from '../install.ts';
import { reach, readBoolean } from '../read-scalar.ts';
import { named, printed, switchField } from './chart-values.ts';
import { readCni } from './cni.ts';
import { type FormReading, type LayeredStatement, mergedTree, type TraitsOf } from './control-plane.ts';
import { valuesSigns } from './control-plane-signs.ts';
import { componentEnv, mergeEnv, readEnvList, readOverlayEnv } from './env.ts';
import { versionField } from './istio-version.ts';
import { readIstiodChart } from './istiod-chart.ts';
import { mergeValues } from './merge-values.ts';
import { profileComponents, readProfile } from './profiles.ts';
import { refusedCompatibility, refusedOperatorValues } from './refusals.ts';
import { readZtunnelChart } from './ztunnel-chart.ts';

type Component = 'pilot' | 'cni' | 'ztunnel';

/** An IstioOperator with its layers merged. */
interface Operator {
  readonly at: Anchor;
  readonly spec: Cursor | undefined;
  /** `spec.values` with `spec.unvalidatedValues` upon them. */
  readonly values: Cursor | undefined;
  /** `spec.profile`, which selects components. */
  readonly specProfile: Field<string>;
  /** What the charts get: `values.profile` wins over `spec.profile`. */
  readonly profile: Field<string>;
  /** `metadata.namespace` has no effect: the profile's `global.istioNamespace` overwrites it. */
  readonly namespace: Field<string>;
  readonly refusals: readonly Refusal[];
  readonly layered: LayeredStatement;
}

function openOperator(layered: LayeredStatement): Operator {
  const { at } = layered.statement;
  const spec = reach(mergedTree(layered), 'spec');
  const values = mergeValues(reach(spec, 'values'), reach(spec, 'unvalidatedValues'));
  const isOpen = layered.layersOpen ?? false;
  const chosen = readProfile(named(reach(spec, 'profile'), 'printed'), 'istioctl', 'istiod', isOpen);
  const inValues = readProfile(named(reach(values, 'profile'), 'printed'), 'chart', 'istiod', isOpen);
  const specProfile = chosen.profile;
  const profile = inValues.profile ?? specProfile;
  const refusals = [
    ...chosen.refusals,
    ...inValues.refusals,
    ...refusedOperatorValues(reach(spec, 'values')),
    ...(get(values, 'compatibilityVersion') === undefined ? refusedCompatibility(spec, 'istiod') : []),
  ];
  const namespace = named(reach(values, 'global', 'istioNamespace'), 'typed') ?? { value: 'istio-system', at };
  return { at, spec, values, specProfile, profile, namespace, refusals, layered };
}

/** A component that is written without `enabled` is enabled, unless the profile says that it is not (operator/pkg/component/component.go:108-116). */
function isEnabled({ spec, specProfile }: Operator, component: Component): boolean {
  const stated = knownValue(readBoolean(reach(spec, 'components', component, 'enabled')));
  const isWritten = reach(spec, 'components', component)?.node.type === 'map';
  return stated ?? profileComponents(knownValue(specProfile) ?? 'default')[component] ?? isWritten;
}

function componentField(operator: Operator, component: Component, key: string): Field<string> {
  return printed(reach(operator.spec, 'components', component, key));
}

function readPilot(operator: Operator, traitsOf: TraitsOf): FormReading {
  const { at, spec, values, layered } = operator;
  const valuesAt = below(at, 'spec', 'values');
  const meshInValues = get(spec, 'meshConfig') === undefined && get(values, 'meshConfig') !== undefined;
  const envList = componentEnv(spec, 'pilot');
  const overlays = reach(spec, 'components', 'pilot', 'k8s', 'overlays');
  return readIstiodChart(
    {
      values,
      meshConfigOver: reach(spec, 'meshConfig'),
      envOver: mergeEnv(readEnvList(envList), readOverlayEnv(overlays)),
      envListPlace: envList,
      profile: operator.profile,
      reading: 'typed',
      at,
      valuesAt,
      profileAt: below(at, 'spec', 'profile'),
      // It sets `values.profile: ambient` (manifests/profiles/openshift-ambient.yaml, 1.24.0 to 1.30.0); Sail's is its own.
      bringsScopes: (profile) => profile === 'openshift-ambient' || undefined,
      meshConfigAt: below(meshInValues ? valuesAt : below(at, 'spec'), 'meshConfig'),
      namespace: operator.namespace,
      version: layered.chartVersion,
      // `spec.tag` becomes `values.global.tag`, which the user's own values then overwrite (operator/pkg/render/manifest.go:354-368).
      tagOver:
        componentField(operator, 'pilot', 'tag') ??
        printed(reach(values, 'pilot', 'tag')) ??
        printed(reach(values, 'global', 'tag')) ??
        printed(reach(spec, 'tag')),
      revision: named(reach(spec, 'revision'), 'printed') ?? named(reach(values, 'revision'), 'printed'),
      layersOpen: layered.layersOpen ?? false,
    },
    traitsOf,
  );
}

/** Without istiod, but with ztunnel or cni, the cluster is served from elsewhere. */
function signsWithoutPilot(operator: Operator): ControlPlaneSign[] {
  const signs = valuesSigns(operator.values, operator.profile);
  const disabled = reach(operator.spec, 'components', 'pilot', 'enabled');
  if (disabled !== undefined && (isEnabled(operator, 'ztunnel') || isEnabled(operator, 'cni'))) {
    signs.push({ at: disabled.at, role: 'remote', what: 'components.pilot.enabled: false' });
  }
  return signs;
}

function readZtunnel(operator: Operator, pilotVersion: Field<string>, traitsOf: TraitsOf): FormReading {
  const { at, spec, values, specProfile, layered } = operator;
  const version =
    versionField(
      componentField(operator, 'ztunnel', 'tag') ??
        printed(reach(values, 'ztunnel', 'tag')) ??
        printed(reach(values, 'global', 'tag')) ??
        printed(reach(spec, 'tag')),
    ) ?? pilotVersion;
  // manifests/profiles/openshift-ambient.yaml puts ztunnel into kube-system.
  const openshift = isKnown(specProfile) && specProfile.value === 'openshift-ambient';
  const namespace: Field<string> = openshift ? { value: 'kube-system', at: specProfile.at } : operator.namespace;
  return readZtunnelChart(
    {
      values: reach(values, 'ztunnel'),
      global: reach(values, 'global'),
      globalReading: 'typed',
      envOver: readEnvList(componentEnv(spec, 'ztunnel')),
      at,
      valuesAt: below(at, 'spec', 'values', 'ztunnel'),
      globalAt: below(at, 'spec', 'values', 'global'),
      namespace: componentField(operator, 'ztunnel', 'namespace') ?? namespace,
      version,
      inheritsGlobal: true,
      layersOpen: layered.layersOpen ?? false,
    },
    traitsOf(version),
  );
}

function readOperatorCni({ at, values, profile, layered }: Operator): FormReading {
  return readCni({
    stated: switchField(reach(values, 'cni', 'ambient', 'enabled')),
    profile,
    profileAt: below(at, 'spec', 'profile'),
    by: 'installer',
    at,
    layersOpen: layered.layersOpen ?? false,
  });
}

export function readIstioOperator(layered: LayeredStatement, traitsOf: TraitsOf): FormReading {
  const operator = openOperator(layered);
  const pilot: FormReading = isEnabled(operator, 'pilot')
    ? readPilot(operator, traitsOf)
    : { signs: signsWithoutPilot(operator) };
  const ztunnel: FormReading = isEnabled(operator, 'ztunnel')
    ? readZtunnel(operator, pilot.controlPlane?.istioVersion, traitsOf)
    : {};
  return {
    controlPlane: pilot.controlPlane,
    ztunnel: ztunnel.ztunnel,
    signs: [...(pilot.signs ?? []), ...(ztunnel.signs ?? [])],
    ...(isEnabled(operator, 'cni') ? readOperatorCni(operator) : {}),
    enablementSelectors: reach(operator.values, 'cni', 'ambient', 'enablementSelectors')?.at,
    refusals: [...operator.refusals, ...(pilot.refusals ?? [])],
  };
}
