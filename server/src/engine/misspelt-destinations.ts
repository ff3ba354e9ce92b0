/**
 * Destinations that misspell the name, or the address, of a cluster: what goes there is called after that cluster, and nothing else goes
 * there. It was taken for one more cluster.
 */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { addTo, remember } from '../base/remember.ts';
import { gravest } from '../base/severity.ts';
import type { Configs } from '../config/config.ts';
import { misspeltWord } from '../deploy/name-slip.ts';
import type { Unit } from '../deploy/unit.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import { listed } from '../rules/wording.ts';
import type { Documents } from '../yaml/source.ts';
import { writtenAt } from './built-places.ts';
import { changeTo } from './change-to.ts';
import { NAMES } from './lacked-paths.ts';
import { ADDRESSES } from './misdirected-folders.ts';
import { ownFinding } from './own-findings.ts';
import { INVALID_KUSTOMIZATION } from './own-rules.ts';
import { firstSentence } from './renamed-apart.ts';
import type { PlacedFinding } from './snapshot.ts';

export interface MisspeltDestination {
  readonly at: Anchor;
  readonly to: string;
  /** The address that is meant. */
  readonly right: string;
  /** What is called after it. */
  readonly word: string;
  readonly units: readonly Unit[];
  /** What it was taken for, if that is a cluster of its own. */
  readonly cluster: ClusterId | undefined;
}

interface Going {
  readonly id: string;
  readonly unit: Unit;
  readonly at: Anchor;
}

/** @param units those that go to clusters, by their ids */
export function misspeltDestinations(
  units: ReadonlyMap<string, Unit>,
  { placement }: Pick<Layout, 'placement'>,
): readonly MisspeltDestination[] {
  const byKind = new Map<string, Map<string, Going[]>>();
  for (const [id, unit] of units) {
    const { tool, destination } = unit;
    if (NAMES[tool] === undefined || destination.kind !== 'named' || destination.several) continue;
    for (const { from, value, at } of destination.keys)
      if (ADDRESSES.includes(from))
        addTo(
          remember(byKind, from, () => new Map()),
          value,
          { id, unit, at },
        );
  }
  const found: MisspeltDestination[] = [];
  for (const addresses of byKind.values()) {
    // What is called after a cluster goes to many; one that few share may be misspelt.
    for (const [to, going] of addresses) {
      const [first, ...others] = going as [Going, ...Going[]];
      if (others.some(({ at }) => !sameAnchor(at, first.at))) continue;
      const [meant, ...more] = [...addresses.keys()].flatMap((right) => {
        const words = misspeltWord(to, right);
        const isMeant =
          words !== undefined && going.every(({ unit }) => isCalled(unit, words.meant) && !isCalled(unit, words.word));
        return isMeant ? [{ right, word: words.meant }] : [];
      });
      if (meant === undefined || more.length > 0) continue;
      const clusters = new Set(going.flatMap(({ id }) => placement.get(id) ?? []));
      const of = new Set(addresses.get(meant.right)?.flatMap(({ id }) => placement.get(id) ?? []));
      const [cluster, ...several] = [...clusters].filter((one) => !of.has(one));
      const own = new Set(going.map(({ id }) => id));
      const isOthers = [...placement].some(([id, placed]) => !own.has(id) && cluster && placed.includes(cluster));
      if (several.length > 0 || isOthers) continue;
      found.push({ at: first.at, to, ...meant, units: going.map(({ unit }) => unit), cluster });
    }
  }
  return found.filter(({ at }, i) => found.findIndex((one) => sameAnchor(one.at, at)) === i);
}

/** True if its name, the file that tells of it or a path that it takes has a word. */
function isCalled({ name = '', via, names = [] }: Unit, word: string): boolean {
  return [name, ...via, ...names.map(({ path }) => path)].some((text) =>
    ` ${text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `.includes(` ${word.replaceAll(/[^\p{L}\p{N}]+/gu, ' ')} `),
  );
}

/**
 * @param findings what stands of the rules
 * @returns them without what is said of clusters that are none, and the findings that tell of the destinations
 */
export function withMisspeltDestinations(
  findings: readonly PlacedFinding[],
  destinations: readonly MisspeltDestination[],
  configs: Configs,
  documents: Documents,
): readonly PlacedFinding[] {
  let standing = findings;
  for (const { at, to, right, word, units, cluster } of destinations) {
    const location = documents.locate(at);
    const [first] = units;
    if (location === undefined || first === undefined) continue;
    const objects = units.flatMap((unit) => unit.documents.flatMap((one) => one.objects));
    const following = standing.filter(
      ({ clusters, object }) =>
        (cluster !== undefined && clusters.includes(cluster)) ||
        objects.some(({ kind, name }) => kind === object?.kind && name.value === object.name),
    );
    const what = listed([...new Set(units.map(({ folder, name }) => folder ?? name ?? 'it'))].sort());
    const written = writtenAt(at, { documents });
    const told = ownFinding(configs, {
      rule: INVALID_KUSTOMIZATION,
      severity: gravest(['warning', ...following.map(({ severity }) => severity)]) ?? 'warning',
      message: `${NAMES[first.tool]} applies ${what} to ${to}, where nothing else goes, though it is called after ${word}. Perhaps ${right} is meant.`,
      location,
      at,
      related: following.map(({ message, location: where, finding }) => ({
        message: firstSentence(message),
        at: finding.at,
        location: where,
        cluster: undefined,
      })),
      fixes: changeTo(at, written?.type === 'scalar' && written.text === to ? right : undefined),
    });
    if (told !== undefined) standing = [...standing.filter((one) => !following.includes(one)), told];
  }
  return standing;
}
