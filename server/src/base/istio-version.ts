/** Reads and compares versions of Istio. What differs between them is in `istio-releases.ts`. */
import { CHANGES, type IstioChange, type IstioMinor, type Maturity, MINORS, type Release } from './istio-releases.ts';

export type { IstioChange, IstioMinor } from './istio-releases.ts';

/** A version as far as it is known; `patch` undefined if only the minor is: then it counts as the newest patch of its minor. */
export interface IstioVersion {
  readonly minor: IstioMinor;
  readonly patch: number | undefined;
}

/** The newest released minor: assumed where nothing tells the version. */
export const NEWEST_MINOR: IstioMinor = MINORS.reduce<IstioMinor>(
  (newest, { minor, released }) => (released ? minor : newest),
  MINORS[0].minor,
);

/** A version as images, charts and people write it, without anchors: for JSON Schemas too. */
export const VERSION_PATTERN = String.raw`v?1\.\d{1,3}(?:\.\d{1,4})?(?:[-+._].*)?`;

const VERSION = new RegExp(`^${VERSION_PATTERN}$`);
const PARTS = /^v?1\.(\d+)(?:\.(\d+))?/;

/**
 * `1.29.2` of `v1.29.2`, of `1.29.2-distroless`, of `1.29.2-solo` and of `1.29.2+tetrate1`, `1.30` of `v1.30-latest`: what comes behind
 * does not change the version. Undefined for what is no Istio version: `latest`, digests, ranges.
 */
export function versionText(text: string): string | undefined {
  const trimmed = text.trim();
  return VERSION.test(trimmed) ? PARTS.exec(trimmed)?.[0].replace('v', '') : undefined;
}

const order = (minor: IstioMinor): number => MINORS.findIndex((known) => known.minor === minor);

/** The first minor with ambient mode. A tag such as 1.4.2 of an ambient cluster is somebody's own number. */
const FIRST_AMBIENT = 15;

/** Reads a version of Istio that has ambient mode. Older minors than the known ones count as the oldest, newer ones as the newest. */
export function parseIstioVersion(text: string): IstioVersion | undefined {
  const parts = PARTS.exec(versionText(text) ?? '');
  if (parts === null || Number(parts[1]) < FIRST_AMBIENT) return undefined;
  const stated = Number(parts[1]) - Number(MINORS[0].minor.slice(2));
  const index = Math.min(Math.max(stated, 0), MINORS.length - 1);
  const { minor } = MINORS[index] as (typeof MINORS)[number];
  return { minor, patch: parts[2] === undefined || stated !== index ? undefined : Number(parts[2]) };
}

/** Negative if `a` is older than `b`. */
export function compareMinors(a: IstioMinor, b: IstioMinor): number {
  return order(a) - order(b);
}

/** True if `a` is of an older minor than `b`. */
export function isOlderMinor(a: IstioVersion, b: IstioVersion): boolean {
  return compareMinors(a.minor, b.minor) < 0;
}

/** True if two may be of one version: a minor is that of all its patches. */
export function mayBeSame(a: IstioVersion, b: IstioVersion): boolean {
  return a.minor === b.minor && (a.patch === undefined || b.patch === undefined || a.patch === b.patch);
}

/** How many minors lie between two. */
export function minorsApart(a: IstioMinor, b: IstioMinor): number {
  return Math.abs(compareMinors(a, b));
}

/** What Istio says of ambient multicluster in a minor. */
export function maturityOf(minor: IstioMinor): Maturity {
  return (MINORS[order(minor)] as (typeof MINORS)[number]).multicluster;
}

/** The first and the last x of the minors 1.x that the charts of a minor take as `compatibilityVersion`. */
export function compatibleMinors(minor: IstioMinor): readonly [number, number] {
  return [(MINORS[order(minor)] as (typeof MINORS)[number]).compatibleFrom, Number(minor.slice(2)) - 1];
}

function partsOf(release: Release): { readonly minor: IstioMinor; readonly patch: number } {
  const dot = release.lastIndexOf('.');
  return { minor: release.slice(0, dot) as IstioMinor, patch: Number(release.slice(dot + 1)) };
}

/** True if a version has a change of behaviour. */
export function has({ minor, patch }: IstioVersion, change: IstioChange): boolean {
  const releases: readonly Release[] = CHANGES[change];
  const firsts = releases.map(partsOf);
  const own = firsts.find((first) => first.minor === minor);
  if (own !== undefined) return patch === undefined || patch >= own.patch;
  return firsts.every((first) => compareMinors(first.minor, minor) < 0);
}

/** The oldest release not older than a version that has several changes. */
export function firstWith({ minor }: IstioVersion, ...changes: readonly [IstioChange, ...IstioChange[]]): string {
  const releases: readonly Release[] = changes.flatMap((change) => CHANGES[change]);
  const inOrder = releases
    .map(partsOf)
    .sort((a, b) => compareMinors(a.minor, b.minor) || a.patch - b.patch)
    .filter((one) => changes.every((change) => has(one, change)));
  const first = inOrder.find((one) => compareMinors(one.minor, minor) >= 0) ?? inOrder[0];
  return `${first?.minor}.${first?.patch}`;
}
