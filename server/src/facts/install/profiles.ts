/** What Istio's installation profiles set, as far as it matters here (manifests/profiles, manifests/helm-profiles). */
import type { Anchor } from '../../base/anchor.ts';
import { editDistance } from '../../config/did-you-mean.ts';
import { type Field, isKnown } from '../field.ts';
import type { Refusal, ScopeConfigs } from '../install.ts';
import { NO_LABELS } from '../read-labels.ts';

/** What a profile sets for the charts. */
export interface ChartProfile {
  /** `pilot.env.PILOT_ENABLE_AMBIENT` and `cni.ambient.enabled`. */
  readonly ambient: boolean;
  /** Whether it brings Istio's default `serviceScopeConfigs`; undefined where that is not certain. */
  readonly scopes: boolean | undefined;
  /** Neither istiod nor its ConfigMap is installed. */
  readonly remote: boolean;
}

const PLAIN: ChartProfile = { ambient: false, scopes: false, remote: false };

const PROFILES: ReadonlyMap<string, ChartProfile> = new Map<string, ChartProfile>([
  ['ambient', { ambient: true, scopes: true, remote: false }],
  ['openshift-ambient', { ambient: true, scopes: undefined, remote: false }],
  ['remote', { ambient: false, scopes: false, remote: true }],
  ...['default', 'demo', 'empty', 'external', 'minimal', 'openshift', 'preview', 'stable'].map(
    (name): [string, ChartProfile] => [name, PLAIN],
  ),
]);

const OF_CHARTS = ['ambient', 'demo', 'preview', 'remote', 'stable'];
const OF_ISTIOCTL = [...OF_CHARTS, 'default', 'empty', 'minimal', 'openshift', 'openshift-ambient'];

/** Who reads a profile, with what it knows and how it refuses others: the same from 1.27 to 1.32. */
const READERS = {
  /** manifests/helm-profiles; manifests/zzz_profile.yaml. */
  chart: { knows: OF_CHARTS, refuses: (name: string) => `the chart refuses it (unknown profile ${name})` },
  /** manifests/profiles; operator/pkg/render/manifest.go:410-415. */
  istioctl: { knows: OF_ISTIOCTL, refuses: () => 'istioctl refuses it (profile not found)' },
  /** The enum of its custom resources (api/v1/istio_types.go), which has external too, though no resources/<version>/profiles do. */
  sail: {
    knows: OF_ISTIOCTL.filter((name) => name !== 'minimal'),
    refuses: (name: string) =>
      name === 'external' ? 'the operator has no such profile' : 'the API server refuses it (unsupported value)',
  },
};

/** Shorter names have others too near. */
const SHORT = 5;

/** A profile as it counts, and what the installer says to the one that is written. */
export interface ReadProfile {
  /** The one that is meant, if another is written; unknown where that is not clear. */
  readonly profile: Field<string>;
  readonly refusals: readonly Refusal[];
}

/**
 * @param subject what is not installed with a profile that is refused
 * @param isOpen true if something out of sight may name another one
 */
export function readProfile(
  written: Field<string>,
  by: keyof typeof READERS,
  subject: string,
  isOpen: boolean,
): ReadProfile {
  const { knows, refuses } = READERS[by];
  if (!isKnown(written) || knows.includes(written.value)) return { profile: written, refusals: [] };
  const { value: said, at } = written;
  const near = knows.filter((known) => known.length >= SHORT && editDistance(said, known) === 1);
  const meant = near.length === 1 ? near[0] : undefined;
  // To the charts OpenShift is a platform.
  const isInstallers = said === 'openshift-ambient';
  return {
    profile: meant === undefined && !isInstallers ? { unknown: 'layered', at } : { ...written, value: meant ?? said },
    // istioctl may be given a folder of other profiles (`installPackagePath`, `--manifests`).
    refusals:
      meant === undefined && (isOpen || by === 'istioctl')
        ? []
        : [{ value: refuses(said), at, subject, profile: { said, ...(meant === undefined ? {} : { meant }), knows } }],
  };
}

/** The settings of a profile; those of none if `name` is undefined; undefined if there is no such profile. */
export function chartProfile(name: string | undefined): ChartProfile | undefined {
  return name === undefined || name === '' ? PLAIN : PROFILES.get(name);
}

/**
 * Whether an IstioOperator's `spec.profile` enables a component, undefined where it says nothing of it; `components.<name>.enabled`
 * overrides each.
 */
export function profileComponents(name: string): {
  readonly pilot: boolean;
  readonly cni: true | undefined;
  readonly ztunnel: true | undefined;
} {
  const ambient = PROFILES.get(name)?.ambient === true;
  return { pilot: name !== 'empty', cni: ambient || name === 'openshift' || undefined, ztunnel: ambient || undefined };
}

/** The list that profile `ambient` brings since 1.27.0; `at` is where the profile is chosen. */
export function defaultScopeConfigs(at: Anchor): ScopeConfigs {
  const known = <T>(value: T) => ({ value, at });
  const expression = { at, key: known('istio.io/global'), operator: known('In'), values: [known('true')] };
  return {
    at,
    fromProfile: true,
    entries: [
      {
        at,
        scope: known('GLOBAL'),
        namespaceSelector: undefined,
        servicesSelector: { at, matchLabels: NO_LABELS, matchExpressions: [expression], unknownFields: [] },
        unknownFields: [],
      },
    ],
  };
}
