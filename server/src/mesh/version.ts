/** Istio's minors that the product knows, and how a version text is read. When a minor is released, this file changes. */

export const KNOWN_MINORS = ['1.26', '1.27', '1.28', '1.29', '1.30', '1.31', '1.32'] as const;
export type IstioMinor = (typeof KNOWN_MINORS)[number];

/** The newest released minor: assumed where nothing tells the version. 1.32 is in development and can be chosen. */
export const NEWEST_MINOR: IstioMinor = '1.31';

/** A version as far as it is known; `patch` undefined if only the minor is. */
export interface IstioVersion {
  readonly minor: IstioMinor;
  readonly patch: number | undefined;
}

/** Reads `1.30.2`, `v1.30-latest`, `1.29.2-solo`; undefined for what is no Istio version. Older minors count as the oldest known, newer ones as the newest. */
export function parseIstioVersion(text: string): IstioVersion | undefined {
  const match = /^v?1\.(\d{1,3})(?:\.(\d{1,4}))?(?:[-+.].*)?$/.exec(text.trim());
  if (match === null) return undefined;
  const first = Number(KNOWN_MINORS[0].slice(2));
  const last = first + KNOWN_MINORS.length - 1;
  const minor = KNOWN_MINORS[Math.min(Math.max(Number(match[1]), first), last) - first] as IstioMinor;
  return { minor, patch: match[2] === undefined ? undefined : Number(match[2]) };
}

/** Negative if `a` is older than `b`. */
export function compareMinors(a: IstioMinor, b: IstioMinor): number {
  return KNOWN_MINORS.indexOf(a) - KNOWN_MINORS.indexOf(b);
}

/** True if `minor` is `bound` or newer. */
export function atLeast(minor: IstioMinor, bound: IstioMinor): boolean {
  return compareMinors(minor, bound) >= 0;
}
