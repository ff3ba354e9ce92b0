/** Versions of Istio as image tags and charts write them, and what differs in the charts of old ones. */
import { has, type IstioVersion, NEWEST_MINOR, parseIstioVersion, versionText } from '../../base/istio-version.ts';
import { type Field, isKnown, type Known } from '../field.ts';
import { minorOfRange } from './version-range.ts';

/** The tag of an image such as `docker.io/istio/pilot:1.29.3-distroless`. */
export function tagOfImage(image: string): string | undefined {
  return /:([^:/@]+)(?:@|$)/.exec(image)?.[1];
}

/** A version from a tag; a tag that tells none counts as unstated. */
export function versionField(tag: Field<string>): Field<string> {
  if (!isKnown(tag)) return tag;
  const value = versionText(tag.value);
  return value === undefined ? undefined : { value, at: tag.at };
}

/** The version of a chart: of a range such as `1.29.x` or `~1.29` its minor. In Istio's sources every chart has the version 1.0.0. */
export function chartVersion(version: Field<string>): Known<string> | undefined {
  if (!isKnown(version) || version.value === '1.0.0') return undefined;
  const isRange = /[xX*^~<>=|,\s]/.test(version.value.trim());
  const value = isRange ? minorOfRange(version.value) : versionText(version.value);
  return value === undefined ? undefined : { value, at: version.at };
}

/** What the charts of a version do (semantics.md A.0.2, versions.md B.1; oracle `expected.1.26.json`, `expected.1.27.1.json`). */
export interface ChartTraits {
  /** Profile `ambient` brings `serviceScopeConfigs`: since 1.27.0. */
  readonly scopeDefault: boolean;
  /** Where ztunnel's `NETWORK` comes from: nowhere in 1.26, from `global.network` alone in 1.27.0 and 1.27.1. */
  readonly ztunnelNetwork: 'none' | 'global' | 'root';
}

/** The traits of a version; of the newest one if it is not known. A minor without patch counts as its newest patch. */
export function chartTraits(text: string | undefined): ChartTraits {
  const version: IstioVersion = parseIstioVersion(text ?? '') ?? { minor: NEWEST_MINOR, patch: undefined };
  if (!has(version, 'multicluster')) return { scopeDefault: false, ztunnelNetwork: 'none' };
  return { scopeDefault: true, ztunnelNetwork: has(version, 'ztunnel-network-value') ? 'root' : 'global' };
}
