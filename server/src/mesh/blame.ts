/** Which side of a disagreement a finding stands at (house.md, invariant 6): never by chance, never by file order. */
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from './model.ts';

export interface Side {
  readonly cluster: ClusterId;
  /** The cluster's name: it decides the order. */
  readonly name: string;
  /** Sides with equal values agree. */
  readonly value: string;
}

export interface Blame<S extends Side> {
  /** The sides that differ from the reference, in order of name, imported ones last; the first one is the finding's place. */
  readonly odd: readonly S[];
  /** The sides that agree with the reference, in order of name. */
  readonly agreeing: readonly S[];
  /** The value that the odd ones should have. */
  readonly value: string;
  /** True if neither a reference cluster nor a strict majority decides: whoever comes first by name is the reference. */
  readonly tie: boolean;
}

/** What decides against whom the others are measured. */
export type BlameOrder = Pick<Mesh, 'reference' | 'imported'>;

/**
 * Decides against whom the others are measured: the reference cluster, else a strict majority, else the first by name, where clusters of
 * other repositories come first, since nobody can change them here.
 * @returns undefined if all sides agree
 */
export function blame<S extends Side>(sides: readonly S[], { reference, imported }: BlameOrder): Blame<S> | undefined {
  const ordered = [...sides].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.cluster < b.cluster ? -1 : 1,
  );
  const first = ordered.find(({ cluster }) => imported(cluster)) ?? ordered[0];
  if (first === undefined) return undefined;
  const byReference = ordered.find(({ cluster }) => cluster === reference);
  const counts = new Map<string, number>();
  for (const { value } of ordered) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size < 2) return undefined;
  const majority = [...counts].find(([, count]) => count * 2 > ordered.length)?.[0];
  const value = byReference?.value ?? majority ?? first.value;
  const odd = ordered.filter((side) => side.value !== value);
  return {
    odd: [...odd.filter(({ cluster }) => !imported(cluster)), ...odd.filter(({ cluster }) => imported(cluster))],
    agreeing: ordered.filter((side) => side.value === value),
    value,
    tie: byReference === undefined && majority === undefined,
  };
}

/**
 * The same the other way round: where something speaks for what one of the odd sides says. Nothing is certain then.
 * @returns what it was where that would blame clusters of other repositories, which nobody can change here
 */
export function blameAgainst<S extends Side>(
  sides: readonly S[],
  blamed: Blame<S>,
  right: S,
  { imported }: BlameOrder,
): Blame<S> {
  if (blamed.agreeing.some(({ cluster }) => imported(cluster))) return blamed;
  const other = blame(sides, { reference: right.cluster, imported });
  return other === undefined ? blamed : { ...other, tie: true };
}

/**
 * Blames among the sides that nothing else tells of; where these agree, among all.
 * @param isTold whether something else tells why a side differs
 */
export function blameApart<S extends Side>(
  sides: readonly S[],
  isTold: (side: S) => boolean,
  order: BlameOrder,
  blameOf: (sides: readonly S[], order: BlameOrder) => Blame<S> | undefined = blame,
): Blame<S> | undefined {
  return (
    blameOf(
      sides.filter((side) => !isTold(side)),
      order,
    ) ?? blameOf(sides, order)
  );
}
