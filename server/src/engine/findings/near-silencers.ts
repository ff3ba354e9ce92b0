/** Finds what can silence a finding by rule, line and object: a file may have thousands of comments and as many findings. */
import type { DocumentId } from '../../base/anchor.ts';
import type { Location } from '../../base/range.ts';
import { addTo } from '../../base/remember.ts';
import type { PlacedFinding } from '../snapshot.ts';
import type { Silencer } from './suppress.ts';

/** The silencers of a rule in one file, by the first line that they hold for. */
interface ByLine {
  readonly ordered: readonly Silencer[];
  /** Of each and those before it, the furthest line. */
  readonly furthest: readonly number[];
}

export class NearSilencers {
  private readonly rank: ReadonlyMap<Silencer, number>;
  private readonly byLine = new Map<string, ByLine>();
  private readonly byDocument = new Map<string, Silencer[]>();
  private readonly byObject = new Map<string, Silencer[]>();

  /**
   * @param ordered the silencers in the order in which they are asked
   * @param rulesOf the rules that one can concern
   */
  constructor(ordered: readonly Silencer[], rulesOf: (silencer: Silencer) => Iterable<string>) {
    this.rank = new Map(ordered.map((silencer, i) => [silencer, i]));
    const byFile = new Map<string, Silencer[]>();
    for (const silencer of ordered) {
      for (const rule of new Set(rulesOf(silencer))) {
        if (silencer.doc === undefined) addTo(byFile, keyOf(rule, silencer.file), silencer);
        else addTo(this.byDocument, keyOf(rule, silencer.doc), silencer);
        if (silencer.object !== undefined) addTo(this.byObject, keyOf(rule, silencer.object), silencer);
      }
    }
    for (const [key, silencers] of byFile) this.byLine.set(key, inLines(silencers));
  }

  /** Those that may silence a finding, in order: those beside its first place before those beside others, and before those about its object. */
  of(finding: PlacedFinding, objectKey: string | undefined): readonly Silencer[] {
    const rule = finding.rule.id;
    const found = new Set<Silencer>();
    const files = new Map<string, number>();
    for (const { file, range } of [finding.location, ...finding.related.map(({ location }) => location)]) {
      if (!files.has(file)) files.set(file, files.size);
      for (const silencer of holdingFor(this.byLine.get(keyOf(rule, file)), range)) found.add(silencer);
    }
    const { at, related } = finding.finding;
    for (const { doc } of [at, ...related.map((side) => side.at)])
      for (const silencer of this.byDocument.get(keyOf(rule, doc)) ?? []) found.add(silencer);
    if (objectKey !== undefined)
      for (const silencer of this.byObject.get(keyOf(rule, objectKey)) ?? []) found.add(silencer);
    const far = files.size;
    const placeOf = ({ file }: Silencer): number => files.get(file) ?? far;
    const rankOf = (silencer: Silencer): number => this.rank.get(silencer) ?? 0;
    return [...found].sort((a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b));
  }

  /** True if a comment in a file concerns a rule, wherever it stands there. */
  has(rule: string, file: string): boolean {
    return this.byLine.has(keyOf(rule, file));
  }
}

function keyOf(rule: string, of: string | DocumentId): string {
  return `${rule}\n${of}`;
}

function firstOf({ lines }: Silencer): number {
  return lines?.first ?? 0;
}

function inLines(silencers: readonly Silencer[]): ByLine {
  const ordered = [...silencers].sort((a, b) => firstOf(a) - firstOf(b));
  let most = 0;
  const furthest = ordered.map(({ lines }) => {
    most = Math.max(most, lines?.last ?? Number.POSITIVE_INFINITY);
    return most;
  });
  return { ordered, furthest };
}

/** The silencers that hold for the line on which a range begins. */
function* holdingFor(byLine: ByLine | undefined, { start: { line } }: Location['range']): Generator<Silencer> {
  if (byLine === undefined) return;
  const { ordered, furthest } = byLine;
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (firstOf(ordered[middle] as Silencer) <= line) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0 && (furthest[i] as number) >= line; i--) {
    const silencer = ordered[i] as Silencer;
    if ((silencer.lines?.last ?? line) >= line) yield silencer;
  }
}
