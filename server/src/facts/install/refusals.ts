/** Values that installers refuse: nothing is installed then. */
import { type Anchor, keyOf } from '../../base/anchor.ts';
import { type Cursor, entries, get, keyPlace } from '../../yaml/read.ts';
import { isKnown, isUnknown } from '../field.ts';
import type { Refusal } from '../install.ts';
import { reach } from '../read-scalar.ts';
import { named, switchedOn } from './chart-values.ts';

/** manifests/helm-profiles/platform-*.yaml, the same from 1.26 to 1.32. */
const PLATFORMS: ReadonlySet<string> = new Set(['gke', 'k3d', 'k3s', 'microk8s', 'minikube', 'openshift']);

/** Why a chart of Istio refuses its values, from 1.26 on (manifests/zzz_profile.yaml). */
export function refusedValues(values: Cursor | undefined, subject: string): readonly Refusal[] {
  const found: Refusal[] = [];
  const defaults = get(values, 'defaults');
  if (defaults !== undefined && (switchedOn(defaults) || entries(defaults).length > 0)) {
    found.push({
      value: "its chart refuses values below 'defaults'",
      at: keyAt(values, 'defaults', defaults),
      subject,
    });
  }
  const platform = named(reach(values, 'platform'), 'printed') ?? named(reach(values, 'global', 'platform'), 'printed');
  if (isKnown(platform) && !PLATFORMS.has(platform.value)) {
    found.push({ value: `its chart knows no platform ${platform.value}`, at: platform.at, subject });
  }
  return [...found, ...refusedCompatibility(values, subject)];
}

/** @param holder the values, or `spec` of an IstioOperator, which hands it to the charts (operator/pkg/render/manifest.go:349-368, from 1.27 to 1.32) */
export function refusedCompatibility(holder: Cursor | undefined, subject: string): readonly Refusal[] {
  // The number 1.30 is 1.3 to Helm.
  const compatible = named(reach(holder, 'compatibilityVersion'), 'printed');
  if (!isKnown(compatible)) return [];
  const { value: said, at } = compatible;
  const minor = /^1\.\d\d$/.test(said) ? { compatible: Number(said.slice(2)) } : {};
  return [{ value: `its chart knows no compatibilityVersion ${said}`, at, subject, ...minor }];
}

function keyAt(map: Cursor | undefined, key: string, value: Cursor): Anchor {
  return (map && keyPlace(map, key)) ?? keyOf(value.at);
}

/** The keys of `spec.values` of an IstioOperator (operator/pkg/apis/values_types.proto, message Values), the same from 1.26 to 1.32. */
const OPERATOR_KEYS: ReadonlySet<string> = new Set(
  (
    'base cni compatibilityVersion defaultRevision experimental gatewayClasses gateways global istio_cni istiodRemote ' +
    'meshConfig ownerName pilot profile revision revisionTags sidecarInjectorWebhook telemetry ztunnel'
  ).split(' '),
);

const TYPED_NAMES = [
  ['global', 'network'],
  ['global', 'meshID'],
  ['global', 'multiCluster', 'clusterName'],
  ['global', 'istioNamespace'],
];

/** Why istioctl refuses `spec.values`. Of `global` only what users are known to write there is looked for. */
export function refusedOperatorValues(values: Cursor | undefined): readonly Refusal[] {
  const unknownIn = (map: Cursor | undefined, path: string, isUnknown: (key: string) => boolean): Refusal[] =>
    entries(map)
      // A placeholder may come to any key.
      .filter(([key]) => /^\w+$/.test(key) && isUnknown(key))
      .map(([key, value]) => ({
        value: `istioctl knows no field ${path}.${key}`,
        at: keyAt(map, key, value),
        subject: 'Istio',
      }));
  const fields = [
    ...unknownIn(values, 'spec.values', (key) => !OPERATOR_KEYS.has(key)),
    ...unknownIn(get(values, 'global'), 'spec.values.global', (key) => key === 'trustDomain'),
  ];
  const names = TYPED_NAMES.flatMap((path) => {
    const field = named(reach(values, ...path), 'typed');
    const isRefused = isUnknown(field) && field.unknown === 'wrong-type';
    const value = `istioctl wants a string as spec.values.${path.join('.')}`;
    return isRefused ? [{ value, at: field.at, subject: 'Istio' }] : [];
  });
  return [...fields, ...names];
}
