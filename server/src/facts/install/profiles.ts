/** What Istio's installation profiles set, as far as it matters here (manifests/profiles, manifests/helm-profiles). */
import type { Anchor } from '../../base/anchor.ts';
import { editDistance } from '../../config/did-you-mean.ts';
import { type Field, isKnown } from '../field.ts';
import type { Refusal, ScopeConfigs } from '../install.ts';
import { NO_LABELS } from '../read-labels.ts';

/** What a chart's profile sets. */
export interface ChartProfile {
  /** `pilot.env.PILOT_ENABLE_AMBIENT` and `cni.ambient.enabled`. */
  readonly ambient: boolean;
  /** Whether it brings Istio's default `serviceScopeConfigs`; undefined where that is not certain. */
  readonly scopes: boolean | undefined;
  /** Neither istiod nor its ConfigMap is installed. */
  readonly remote: boolean;
}

const PLAIN: ChartProfile = { ambient: false, scopes: false, remote: false };

const CHART_PROFILES: ReadonlyMap<string, ChartProfile> = new Map<string, ChartProfile>([
  ['ambient', { ambient: true, scopes: true, remote: false }],
  ['openshift-ambient', { ambient: true, scopes: undefined, remote: false }],
  ['remote', { ambient: false, scopes: false, remote: true }],
  ...['default', 'demo', 'empty', 'external', 'minimal', 'openshift', 'preview', 'stable'].map(
    (name): [string, ChartProfile] => [name, PLAIN],
  ),
]);

/** Shorter names have others too near. */
const SHORT = 5;

/** The profile that a name which is none is likely to mean: one that is a letter off. */
export function meantProfile(name: string): string | undefined {
  if (CHART_PROFILES.has(name)) return undefined;
  const near = [...CHART_PROFILES.keys()].filter((known) => known.length >= SHORT && editDistance(name, known) === 1);
  return near.length === 1 ? near[0] : undefined;
}

/** The field with the profile that is meant: an installer refuses the one that is written, which is told. */
export function asMeant(profile: Field<string>): Field<string> {
  const meant = isKnown(profile) ? meantProfile(profile.value) : undefined;
  return isKnown(profile) && meant !== undefined ? { ...profile, value: meant } : profile;
}

/** The refusal of a profile that is a letter off. */
export function refusedProfile(profile: Field<string>): Refusal | undefined {
  const meant = isKnown(profile) ? meantProfile(profile.value) : undefined;
  return isKnown(profile) && meant !== undefined
    ? { value: `unknown profile ${profile.value}`, at: profile.at, profile: { said: profile.value, meant } }
    : undefined;
}

/** The settings of a profile; those of none if `name` is undefined; undefined if there is no such profile. */
export function chartProfile(name: string | undefined): ChartProfile | undefined {
  return name === undefined || name === '' ? PLAIN : CHART_PROFILES.get(name);
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
  const ambient = CHART_PROFILES.get(name)?.ambient === true;
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
