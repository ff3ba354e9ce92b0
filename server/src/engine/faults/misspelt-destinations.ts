/**
 * Destinations that misspell the name, or the address, of a cluster: what goes there is called after that cluster, and nothing else goes
 * there. It counts as what goes to that cluster, as there is no other one.
 */
import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { addTo, remember } from '../../base/remember.ts';
import type { Configs } from '../../config/config.ts';
import { misspeltWord, wordsOf } from '../../deploy/name-slip.ts';
import type { Unit } from '../../deploy/unit.ts';
import type { DocumentFacts } from '../../facts/extract.ts';
import type { FileFacts } from '../../layout/file-facts.ts';
import { seedOf } from '../../layout/file-traits.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { Documents } from '../../yaml/source.ts';
import { writtenAt } from '../deployed/built-places.ts';
import type { FileRecord } from '../file-facts.ts';
import { ownFinding } from '../findings/own-findings.ts';
import { INVALID_KUSTOMIZATION } from '../findings/own-rules.ts';
import { changeTo } from '../fixes/change-to.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { NAMES } from './lacked-paths.ts';
import { ADDRESSES } from './misdirected-folders.ts';

export interface MisspeltDestination {
  /** Where it is written. */
  readonly ats: readonly [Anchor, ...Anchor[]];
  readonly to: string;
  /** The address that is meant. */
  readonly right: string;
  /** The misspelt word, and what is meant by it: all that goes there is called after that. */
  readonly wrong: string;
  readonly word: string;
  /** By their ids. */
  readonly units: ReadonlyMap<string, Unit>;
  /** What else than that it is called after another cluster tells that it is misspelt. */
  readonly why?: string;
}

interface Going {
  readonly id: string;
  readonly unit: Unit;
  readonly at: Anchor;
}

/** @param units those that go to clusters, by their ids */
export function misspeltDestinations(units: ReadonlyMap<string, Unit>): readonly MisspeltDestination[] {
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
    for (const [to, going] of addresses) {
      const [meant, ...more] = [...addresses.keys()].flatMap((right) => {
        const words = misspeltWord(to, right);
        return words !== undefined && isMeant(going, words) ? [{ right, ...words }] : [];
      });
      if (meant === undefined || more.length > 0) continue;
      const ats = going.map(({ at }) => at).filter((at, i, all) => all.findIndex((one) => sameAnchor(one, at)) === i);
      found.push({
        ats: ats as [Anchor, ...Anchor[]],
        to,
        right: meant.right,
        wrong: meant.word,
        word: meant.meant,
        units: new Map(going.map(({ id, unit }) => [id, unit])),
      });
    }
  }
  const isFirst = (at: Anchor, i: number): boolean =>
    found.findIndex(({ ats }) => ats.some((one) => sameAnchor(one, at))) === i;
  return found.filter(({ ats }, i) => ats.every((at) => isFirst(at, i)));
}

/**
 * True where something else tells of a cluster of that name: a file that is called so, a Secret of Argo CD, an installation, another
 * destination, or the configuration. What other repositories hold may speak for it, too.
 * @param files all that are there
 * @param records what those that were read state
 */
export function isToldElsewhere(
  destination: MisspeltDestination,
  configs: Configs,
  files: Iterable<string>,
  records: ReadonlyMap<string, Pick<FileRecord, 'facts'>>,
  documents: Documents,
): boolean {
  const { ats, to, wrong } = destination;
  // Who switches that rule off says that there is one.
  if (misspeltDestinationFindings([destination], configs, documents).length === 0) return true;
  const isDeclared = configs.some(
    ({ meshes, imports }) => imports.length > 0 || meshes.some((mesh) => mesh.clusters.some(({ name }) => name === to)),
  );
  if (isDeclared || [...files].some((file) => file.includes(wrong))) return true;
  // Of what states nothing it depends on what was read before whether its text is in memory.
  return [...records].some(([file, { facts }]) => {
    if (!facts.documents.some(isStating)) return false;
    const places = ats.filter(({ doc }) => documents.document(doc)?.file === file).length;
    return (documents.file(file)?.text.split(wrong).length ?? 0) - 1 > places;
  });
}

/** The same facts of a unit that goes where it is meant to. */
export function sentWhereMeant(facts: FileFacts, { to, right, wrong, word }: MisspeltDestination): FileFacts {
  if (facts.unit === undefined) return facts;
  const meant = <T extends { readonly value: string }>(one: T): T =>
    one.value === to ? { ...one, value: right } : one.value === wrong ? { ...one, value: word } : one;
  const { keys, words } = facts.unit;
  return { ...facts, unit: { ...facts.unit, keys: keys.map(meant), words: words.map(meant) } };
}

/** True if all that goes there is called after the one, some of it by what it takes or states, and none after the other. */
function isMeant(going: readonly Going[], { word, meant }: { readonly word: string; readonly meant: string }): boolean {
  const isOwn = ({ names = [], folder, documents }: Unit): boolean =>
    isCalled([folder ?? '', ...names.map(({ path }) => path)], meant) ||
    documents.some(({ install }) => install.some((one) => isCalled([seedOf(one)?.clusterName ?? ''], meant)));
  return (
    going.some(({ unit }) => isOwn(unit)) &&
    going.every(({ unit }) => isCalled(namesOf(unit), meant) && !isCalled(namesOf(unit), word))
  );
}

/** Its name, and the paths that it takes. */
function namesOf({ name = '', names = [] }: Unit): readonly string[] {
  return [name, ...names.map(({ path }) => path)];
}

function isCalled(texts: readonly string[], word: string): boolean {
  return texts.some((text) => wordsOf(text).includes(word));
}

function isStating({ objects, install, deploys, lends }: DocumentFacts): boolean {
  return objects.length > 0 || install.length > 0 || deploys === true || lends !== undefined;
}

/** The findings that tell of them. */
export function misspeltDestinationFindings(
  destinations: readonly MisspeltDestination[],
  configs: Configs,
  documents: Documents,
): readonly PlacedFinding[] {
  return destinations.flatMap(({ ats, to, right, word, units, why }) => {
    const [place, ...others] = ats.flatMap((at) => {
      const location = documents.locate(at);
      return location === undefined ? [] : [{ at, location }];
    });
    const all = [...units.values()];
    const [first] = all;
    if (place === undefined || first === undefined) return [];
    const what = [...new Set(all.map(({ folder, name, inline }) => folder ?? name ?? inline?.chart ?? 'it'))].sort();
    const isWhole = ats.every((at) => {
      const written = writtenAt(at, { documents });
      return written?.type === 'scalar' && written.text === to;
    });
    const called = `where nothing else goes, though ${what.length > 1 ? 'they are' : 'it is'} called after ${word}`;
    const installs = all.some((unit) => unit.documents.some(({ install }) => install.length > 0));
    const told = ownFinding(configs, {
      rule: INVALID_KUSTOMIZATION,
      severity: installs ? 'error' : 'warning',
      message: `${NAMES[first.tool]} applies ${listed(what)} to ${to}, ${why ?? called}. Perhaps ${right} is meant.`,
      ...place,
      related: others.map((one) => ({ ...one, message: 'so it is here', cluster: undefined })),
      fixes: changeTo(ats, isWhole ? right : undefined),
    });
    return told ?? [];
  });
}
