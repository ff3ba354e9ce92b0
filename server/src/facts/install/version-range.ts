/** Ranges of versions of charts, as Helm, Argo CD and Flux read them (github.com/Masterminds/semver, `constraints.go`). */

/** Numbers of minors of major 1: the least and the greatest that a range lets pass. */
interface Minors {
  readonly least: number;
  readonly greatest: number;
}

const ANY: Minors = { least: 0, greatest: Number.POSITIVE_INFINITY };
const COMPARATOR = /^(=|~>?|[<>]=?|=[<>])?v?1\.(\d{1,3})(?:\.(\d{1,4}|[xX*]))?(-[\w.-]+)?(?:\+[\w.-]+)?$/;

/** `1.29` of `1.29.x`, of `~1.29.0` and of `>=1.29.0 <1.30.0`; undefined for what lets several minors pass, or is no range. */
export function minorOfRange(range: string): string | undefined {
  const minors = range.split('||').map(minorsOf);
  const [first] = minors;
  const isOne = minors.every((one) => one?.least === first?.least && one?.greatest === first?.least);
  return first !== undefined && isOne ? `1.${first.least}` : undefined;
}

/** The minors that all comparators of a range let pass; undefined if one of them is not understood. */
function minorsOf(alternative: string): Minors | undefined {
  const written = alternative
    .trim()
    .replace(/^(\S+)\s+-\s+(\S+)$/, '>=$1 <=$2')
    .replaceAll(/([<>=~])\s+/g, '$1');
  let minors = ANY;
  for (const comparator of written.split(/[\s,]+/)) {
    const own = passing(comparator);
    if (own === undefined) return undefined;
    minors = { least: Math.max(minors.least, own.least), greatest: Math.min(minors.greatest, own.greatest) };
  }
  return minors;
}

function passing(comparator: string): Minors | undefined {
  const parts = COMPARATOR.exec(comparator);
  if (parts === null) return undefined;
  const [, operator = '=', minor, patch, preRelease] = parts;
  const own = Number(minor);
  if (operator.includes('>') && !operator.startsWith('~')) {
    // Above 1.29 as a whole is 1.30.
    return { ...ANY, least: operator === '>' && isWhole(patch) ? own + 1 : own };
  }
  if (operator.includes('<')) {
    // What is below a first release may be one before it only if the range names such.
    const isBelow = operator === '<' && (isWhole(patch) || patch === '0') && (preRelease ?? '-0') === '-0';
    return { ...ANY, greatest: isBelow ? own - 1 : own };
  }
  return { least: own, greatest: own };
}

function isWhole(patch: string | undefined): boolean {
  return patch === undefined || !/\d/.test(patch);
}
