/** Which of the units that files tell of are deployed: those that no other file deploys already. */
import { type DocumentId, sameAnchor } from '../../base/anchor.ts';
import { outermost } from '../../base/outermost.ts';
import { addTo } from '../../base/remember.ts';
import type { UnknownPart } from '../../deploy/deployment.ts';
import type { Expansion } from '../../deploy/expand.ts';
import type { OpenValues } from '../../deploy/open-values.ts';
import type { Unit } from '../../deploy/unit.ts';
import { isPlaced } from '../../deploy/unit-facts.ts';
import { sameItems } from '../../mesh/context.ts';
import { unplacedPolicies } from './unplaced-policies.ts';

/** What a file tells tools to deploy. */
export interface Told {
  readonly file: string;
  readonly expansion: Expansion;
  /** True if it is the root of a build: what is built tells tools to deploy. */
  readonly isRoot: boolean;
  /** The files that its build reads, if it is the root of one. */
  readonly uses: readonly string[];
  /** True if a kustomization leaves it out on purpose: it deploys nothing unless another one has it. */
  readonly isLeftOut?: boolean;
}

export interface HolderUnits {
  /** Units of the holders that no other one deploys. */
  readonly units: readonly Unit[];
  /** What those holders tell. */
  readonly applied: readonly Expansion[];
  /** Those of them that nothing in sight applies, where Flux applies others: they may be left over. */
  readonly idle: ReadonlySet<Expansion>;
  /** The files of which all deployments were read. */
  readonly read: ReadonlySet<string>;
  /** What is not known of policies, by their files. */
  readonly policies: ReturnType<typeof unplacedPolicies>;
  /** Folders that only what is left out tells to deploy. */
  readonly leftFolders: ReadonlySet<string>;
  /** The values files that they may hand over, by their files, where not all of that is known. */
  readonly opens: ReadonlyMap<string, readonly OpenValues[]>;
  /** Folders of charts that go to clusters of which it is not known which they are. */
  readonly strayCharts: ReadonlySet<string>;
}

/**
 * @param all in order of their files
 * @param fileOf the file of a document
 */
export function holderUnits(
  all: readonly Told[],
  fileOf: (doc: DocumentId) => string | undefined = () => undefined,
): HolderUnits {
  const told = new Map(all.map((one) => [one.file, one]));
  const placed = new Map(all.map(({ file, expansion }) => [file, expansion.units.filter(isPlaced)]));
  const usedBy = (file: string): readonly string[] => [
    ...(placed.get(file) ?? []).flatMap(({ uses }) => uses),
    ...(told.get(file)?.uses ?? []),
  ];
  // A tool may be told to deploy the build that this is written in: then it does, wherever one began to look.
  const inTurn = [...all].sort((a, b) => Number(a.isRoot) - Number(b.isRoot)).map(({ file }) => file);
  const isTop = new Set(outermost(inTurn, usedBy));
  // Of a cluster whose Flux was told to apply the folder of another one, that one's Flux is none the less.
  for (const file of bootstrapsOf(placed))
    if (!isTop.has(file) && [...isTop].some((top) => isReplacedBy(file, top, placed))) isTop.add(file);
  const outer = [...told.keys()].filter((file) => isTop.has(file));
  const left = outer.filter((file) => told.get(file)?.isLeftOut === true);
  const tops = outer.filter((file) => told.get(file)?.isLeftOut !== true);
  const applied = tops.flatMap((file) => told.get(file)?.expansion ?? []);
  // What Flux is bootstrapped with lies in the folder that it is told to apply.
  const roots = new Set(bootstrapsOf(placed).filter((file) => tops.includes(file)));
  const idle = new Set(
    tops.flatMap((file) => (roots.size === 0 || roots.has(file) ? [] : (told.get(file)?.expansion ?? []))),
  );
  const units = tops.flatMap((file) => placed.get(file) ?? []);
  /** Where it is told what is not known: in a file that this one deploys, rather than in this one. */
  const isInner = (file: string, { at }: UnknownPart): boolean => {
    const inner = fileOf(at.doc);
    const unknown = inner === undefined || inner === file ? [] : (told.get(inner)?.expansion.unknown ?? []);
    return unknown.some((other) => sameAnchor(other.at, at));
  };
  const isWhole = (file: string): boolean => told.get(file)?.expansion.unknown.length === 0 && isRead(file);
  const isRead = (file: string): boolean => {
    const { unknown = [], units: made = [] } = told.get(file)?.expansion ?? {};
    return unknown.every((part) => isInner(file, part)) && made.every(isPlaced);
  };
  // What a file refers to may be among the objects that are deployed together with its own.
  const deployers = new Map<string, string[]>();
  for (const top of tops) {
    for (const file of new Set((placed.get(top) ?? []).flatMap(({ uses }) => uses))) {
      addTo(deployers, file, top);
    }
  }
  const isAllRead = (file: string): boolean => isRead(file) || deployers.get(file)?.every(isWhole) === true;
  const read = [...told.keys()].filter((file) => left.includes(file) || isAllRead(file));
  const made = all.flatMap(({ expansion }) => expansion.units);
  const strayCharts = new Set(made.flatMap((unit) => (isPlaced(unit) ? [] : (unit.charts ?? []))));
  const leftFolders = new Set(left.flatMap((file) => (placed.get(file) ?? []).flatMap(({ folder }) => folder ?? [])));
  const opens = new Map(
    [...told].map(([file, { expansion }]) => [file, isTop.has(file) && !left.includes(file) ? opensOf(expansion) : []]),
  );
  return {
    units,
    applied,
    idle,
    read: new Set(read),
    opens,
    policies: unplacedPolicies(made),
    leftFolders,
    strayCharts,
  };
}

type Placed = ReadonlyMap<string, readonly Unit[]>;

/** The files by which Flux applies the folder that they lie in. */
function bootstrapsOf(placed: Placed): readonly string[] {
  return [...placed].flatMap(([file, units]) =>
    units.some(({ tool, uses }) => tool === 'flux' && uses.includes(file)) ? file : [],
  );
}

/** True if what one file tells Flux is written over by what another one tells it, as one of that name: none is meant to replace itself. */
function isReplacedBy(file: string, top: string, placed: Placed): boolean {
  const own = placed.get(file)?.find(({ uses }) => uses.includes(file));
  return (
    top !== file &&
    placed.get(top)?.some(({ uses }) => uses.includes(top)) === false &&
    placed
      .get(top)
      ?.some(
        ({ tool, via, name, destination: { kind }, uses }) =>
          tool === 'flux' && via.length === 1 && kind === 'own' && name === own?.name && uses.includes(file),
      ) === true
  );
}

/** Of a chart that goes nobody knows where, all values are its own. */
function opensOf({ unknown, units }: Expansion): readonly OpenValues[] {
  const strays = units.filter((unit) => unit.inline !== undefined && !isPlaced(unit));
  const files = strays.flatMap(({ uses, mayUse = [] }) => [...uses, ...mayUse]);
  return [...unknown.flatMap(({ opens }) => opens ?? {}), ...[...new Set(files)].map((path) => ({ path }))];
}

/** True if a file tells the same as another, or the same one, told before. */
export function saysTheSame(a: Told, b: Told | undefined): boolean {
  if (a.file !== b?.file || a.isLeftOut !== b.isLeftOut) return false;
  return a.expansion === b.expansion && (a.uses === b.uses || sameItems(a.uses, b.uses));
}

/** True if two files, or one before and after, tell of nothing to deploy. */
export function areEmpty(a: Expansion, b: Expansion): boolean {
  return [a, b].every(({ units, unknown, charts }) => units.length + unknown.length + charts.length === 0);
}
