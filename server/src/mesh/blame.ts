/** Which side of a disagreement a finding stands at (house.md, invariant 6): never by chance, never by file order. */
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from './model.ts';

export interface Side {
  readonly cluster: ClusterId;
  /** The cluster's name: it decides the order. */
  readonly name: string;
  /** Sides with equal values agree. */
  readonly value: string;
  /** True if it is certain that this side is wrong, whatever others say: no other one is measured against it. */
  readonly isWrong?: boolean;
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
 * other repositories come first, since nobody can change them here; among the sides that are not wrong in any case, if there are any.
 * @returns undefined if all sides agree
 */
export function blame<S extends Side>(sides: readonly S[], { reference, imported }: BlameOrder): Blame<S> | undefined {
  const ordered = [...sides].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.cluster < b.cluster ? -1 : 1,
  );
  const sound = ordered.filter(({ isWrong }) => isWrong !== true);
  const models = sound.length === 0 ? ordered : sound;
  const first = models.find(({ cluster }) => imported(cluster)) ?? models[0];
  if (first === undefined || ordered.every((side) => side.value === first.value)) return undefined;
  const byReference = models.find(({ cluster }) => cluster === reference);
  const majorityOf = (among: readonly S[]): string | undefined =>
    among.find((one) => among.filter(({ value }) => value === one.value).length * 2 > among.length)?.value;
  const value = byReference?.value ?? majorityOf(models) ?? first.value;
  const odd = ordered.filter((side) => side.value !== value);
  return {
    odd: [...odd.filter(({ cluster }) => !imported(cluster)), ...odd.filter(({ cluster }) => imported(cluster))],
    agreeing: ordered.filter((side) => side.value === value),
    value,
    tie: byReference === undefined && majorityOf(ordered) !== value,
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

/** A tie seen from the other side, where both may be right; nothing where that is not so. */
export function otherWay<S extends Side>({ odd, agreeing, tie }: Blame<S>): readonly Blame<S>[] {
  const [first] = odd;
  const mayBeRight = first !== undefined && odd.every((one) => one.value === first.value && one.isWrong !== true);
  return tie && mayBeRight ? [{ odd: agreeing, agreeing: odd, value: first.value, tie }] : [];
}

/**
 * Blames among the sides that nothing else tells of; where these agree, the others.
 * @param isTold whether something else tells why a side differs
 */
export function blameApart<S extends Side>(
  sides: readonly S[],
  isTold: (side: S) => boolean,
  order: BlameOrder,
  blameOf: (sides: readonly S[], order: BlameOrder) => Blame<S> | undefined = blame,
): Blame<S> | undefined {
  if (sides.every(({ value }) => value === sides[0]?.value)) return undefined;
  return (
    blameOf(
      sides.filter((side) => !isTold(side)),
      order,
    ) ??
    blameOf(
      sides.map((side) => (isTold(side) ? { ...side, isWrong: true } : side)),
      order,
    )
  );
}
