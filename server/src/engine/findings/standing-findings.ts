/** Which of the placed findings stand: one of each identity, without what another one makes superfluous. Follows what comes and goes. */
import { remember } from '../../base/remember.ts';
import { withSorted } from '../../base/sorted.ts';
import { atOnce, inSteps } from '../../base/steps.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { keysOf, type Standing, standingSteps } from '../../rules/subsumption.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { compareFindings } from './place-finding.ts';
import type { PlacedChanges } from './placed-findings.ts';

/** One finding of several about one place that clusters share. */
type Merge = (findings: readonly PlacedFinding[]) => PlacedFinding;

type Findings = ReadonlySet<PlacedFinding>;

const NONE: Findings = new Set();

export class StandingFindings {
  private readonly byId = new Map<string, Set<PlacedFinding>>();
  /** Of those of one identity, the one that counts. */
  private readonly ones = new Map<string, PlacedFinding>();
  /** Those that count, by the keys on which they agree with what they make superfluous, and with what makes them so. */
  private readonly winners = new Map<string, Set<PlacedFinding>>();
  private readonly losers = new Map<string, Set<PlacedFinding>>();
  /** Those that count and stand, as grave as what they stand for. */
  private readonly standing = new Map<PlacedFinding, PlacedFinding>();
  private inOrder: readonly PlacedFinding[] = [];
  private superfluous: readonly PlacedFinding[] | undefined;

  constructor(
    private readonly merge: Merge,
    private readonly judgedBy: Standing<PlacedFinding>,
  ) {}

  /** Follows a change to the end. @returns `all` */
  update(changes: PlacedChanges): readonly PlacedFinding[] {
    atOnce(this.following(changes));
    return this.all;
  }

  /** Follows a change in steps; another one may be followed only when it has come to the end. */
  *following({ come, gone }: PlacedChanges): Generator<void, void> {
    const ids = new Set<string>();
    for (const finding of gone) {
      this.byId.get(finding.id)?.delete(finding);
      ids.add(finding.id);
    }
    yield* inSteps(come, (finding) => {
      remember(this.byId, finding.id, () => new Set<PlacedFinding>()).add(finding);
      ids.add(finding.id);
    });
    const others: PlacedFinding[] = [];
    yield* inSteps(ids, (id) => {
      others.push(...this.chooseAgain(id));
    });
    if (others.length === 0) return;
    this.superfluous = undefined;
    yield;
    yield* this.weighAgain(this.concernedBy(others));
  }

  /** Those that stand, in order; the same list as long as nothing in it changes. */
  get all(): readonly PlacedFinding[] {
    return this.inOrder;
  }

  /** Those that another one makes superfluous, in no order; the same list as long as no finding comes or goes. */
  get hidden(): readonly PlacedFinding[] {
    this.superfluous ??= [...this.ones.values()].filter((finding) => !this.standing.has(finding));
    return this.superfluous;
  }

  /** Chooses the one of an identity that counts; gives those that counted or count, if that is another one. */
  private chooseAgain(id: string): readonly PlacedFinding[] {
    const same = this.byId.get(id) ?? NONE;
    const before = this.ones.get(id);
    const after = oneOf(same, this.merge);
    if (same.size === 0) this.byId.delete(id);
    if (before === after) return [];
    if (before !== undefined) this.forget(before);
    if (after !== undefined) this.keep(after);
    return [before, after].filter((finding) => finding !== undefined);
  }

  private keep(finding: PlacedFinding): void {
    this.ones.set(finding.id, finding);
    const { wins, loses } = keysOf(finding);
    for (const key of wins) remember(this.winners, key, () => new Set<PlacedFinding>()).add(finding);
    for (const key of loses) remember(this.losers, key, () => new Set<PlacedFinding>()).add(finding);
  }

  private forget(finding: PlacedFinding): void {
    this.ones.delete(finding.id);
    const { wins, loses } = keysOf(finding);
    for (const key of wins) remove(this.winners, key, finding);
    for (const key of loses) remove(this.losers, key, finding);
  }

  /** Some findings, and all whose weight or standing can depend on theirs: those that they meet on a key, and whom these meet. */
  private concernedBy(findings: readonly PlacedFinding[]): Findings {
    const concerned = new Set(findings);
    const met = new Set<string>();
    const meet = (key: string, others: ReadonlyMap<string, Findings>): void => {
      if (met.has(key) || !others.has(key)) return;
      met.add(key);
      for (const side of [this.winners, this.losers]) for (const other of side.get(key) ?? NONE) concerned.add(other);
    };
    for (const finding of concerned) {
      const { wins, loses } = keysOf(finding);
      for (const key of wins) meet(key, this.losers);
      for (const key of loses) meet(key, this.winners);
    }
    return concerned;
  }

  private *weighAgain(concerned: Findings): Generator<void, void> {
    const counting = [...concerned].filter((finding) => this.ones.get(finding.id) === finding);
    const next = new Map((yield* standingSteps(counting, this.judgedBy)).map((finding) => [finding.id, finding]));
    yield;
    const gone = new Set<PlacedFinding>();
    const come: PlacedFinding[] = [];
    for (const finding of concerned) {
      const before = this.standing.get(finding);
      const after = this.ones.get(finding.id) === finding ? next.get(finding.id) : undefined;
      if (before === after) continue;
      if (before !== undefined) gone.add(before);
      if (after === undefined) this.standing.delete(finding);
      else {
        this.standing.set(finding, after);
        come.push(after);
      }
    }
    if (gone.size === 0 && come.length === 0) return;
    yield;
    const kept = gone.size === 0 ? this.inOrder : this.inOrder.filter((finding) => !gone.has(finding));
    this.inOrder = withSorted(kept, come.sort(compareFindings), compareFindings);
  }
}

function remove(map: Map<string, Set<PlacedFinding>>, key: string, finding: PlacedFinding): void {
  const known = map.get(key);
  known?.delete(finding);
  if (known?.size === 0) map.delete(key);
}

/** Of findings with one identity, such as those of all Services that one label of a Namespace concerns, the one with most clusters. */
function oneOf(same: Findings, merge: Merge): PlacedFinding | undefined {
  const shared = [...same].filter(({ isShared }) => isShared);
  return shared.length > 1 ? merge(oneOfCluster(shared)) : heaviest(same);
}

function oneOfCluster(findings: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const byCluster = new Map<ClusterId | undefined, PlacedFinding[]>();
  for (const found of findings) remember(byCluster, found.finding.ofCluster, (): PlacedFinding[] => []).push(found);
  return [...byCluster.values()].map((own) => heaviest(own) as PlacedFinding);
}

function heaviest(findings: Iterable<PlacedFinding>): PlacedFinding | undefined {
  let heaviest: PlacedFinding | undefined;
  for (const finding of findings)
    if (heaviest === undefined || compareWeight(finding, heaviest) < 0) heaviest = finding;
  return heaviest;
}

function compareWeight(a: PlacedFinding, b: PlacedFinding): number {
  return (
    Number(a.isBlameless ?? false) - Number(b.isBlameless ?? false) ||
    b.clusters.length - a.clusters.length ||
    compareFindings(a, b)
  );
}
