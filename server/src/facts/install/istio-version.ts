/** Versions of Istio as image tags and charts write them, and what differs in the charts of old ones. */
import { type Field, isKnown } from '../field.ts';

/** `1.29.2` of `v1.29.2`, `1.29.2-distroless`, `1.30-latest`; undefined for `latest`, digests and ranges. */
export function versionOfTag(tag: string): string | undefined {
  return /^v?(1\.\d{1,3}(?:\.\d{1,4})?)(?:[-+.].*)?$/.exec(tag.trim())?.[1];
}

/** The tag of an image such as `docker.io/istio/pilot:1.29.3-distroless`. */
export function tagOfImage(image: string): string | undefined {
  return /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1];
}

/** A version from a tag; a tag that tells none counts as unstated. */
export function versionField(tag: Field<string>): Field<string> {
  if (!isKnown(tag)) return tag;
  const value = versionOfTag(tag.value);
  return value === undefined ? undefined : { value, at: tag.at };
}

/** What the charts of a version do (semantics.md A.0.2, versions.md B.1; oracle `expected.1.26.json`, `expected.1.27.1.json`). */
export interface ChartTraits {
  /** Profile `ambient` brings `serviceScopeConfigs`: since 1.27.0. */
  readonly scopeDefault: boolean;
  /** Where ztunnel's `NETWORK` comes from: nowhere in 1.26, from `global.network` alone in 1.27.0 and 1.27.1. */
  readonly ztunnelNetwork: 'none' | 'global' | 'root';
}

/** The traits of a version; of the newest one if it is not known. A minor without patch counts as its newest patch. */
export function chartTraits(version: string | undefined): ChartTraits {
  const match = /^1\.(\d+)(?:\.(\d+))?/.exec(version ?? '');
  if (match === null) return { scopeDefault: true, ztunnelNetwork: 'root' };
  const minor = Number(match[1]);
  if (minor < 27) return { scopeDefault: false, ztunnelNetwork: 'none' };
  const early = minor === 27 && match[2] !== undefined && Number(match[2]) < 2;
  return { scopeDefault: true, ztunnelNetwork: early ? 'global' : 'root' };
}
