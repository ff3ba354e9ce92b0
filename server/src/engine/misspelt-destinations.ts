/**
 * Destinations that misspell the name, or the address, of a cluster: what goes there is called after that cluster, and nothing else goes
 * there. It was taken for one more cluster.
 */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { addTo, remember } from '../base/remember.ts';
import { gravest } from '../base/severity.ts';
import type { Configs } from '../config/config.ts';
import { misspeltWord, wordsOf } from '../deploy/name-slip.ts';
import type { Unit } from '../deploy/unit.ts';
import type { DocumentFacts } from '../facts/extract.ts';
import { seedOf } from '../layout/file-traits.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import { listed } from '../rules/wording.ts';
import type { Documents } from '../yaml/source.ts';
import { writtenAt } from './built-places.ts';
import { changeTo } from './change-to.ts';
import type { FileRecord } from './file-facts.ts';
import { NAMES } from './lacked-paths.ts';
import { ADDRESSES } from './misdirected-folders.ts';
import { ownFinding } from './own-findings.ts';
import { INVALID_KUSTOMIZATION } from './own-rules.ts';
import { firstSentence } from './renamed-apart.ts';
import type { PlacedFinding } from './snapshot.ts';

export interface MisspeltDestination {
  /** Where it is written. */
  readonly ats: readonly [Anchor, ...Anchor[]];
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

/**
 * @param units those that go to clusters, by their ids
 * @param files all that are there
 * @param records what those that were read state
 */
export function misspeltDestinations(
  units: ReadonlyMap<string, Unit>,
  { placement }: Pick<Layout, 'placement'>,
  files: Iterable<string>,
  records: ReadonlyMap<string, Pick<FileRecord, 'facts'>>,
  documents: Documents,
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
  // Of what states nothing it depends on what was read before whether its text is in memory.
  const stating = () => [...records].flatMap(([file, { facts }]) => (facts.documents.some(isStating) ? file : []));
  const placesIn = (file: string, ats: readonly Anchor[]): number =>
    ats.filter(({ doc }) => documents.document(doc)?.file === file).length;
  // A file that is called so, a Secret of Argo CD, an installation or another destination tells of a cluster of that name.
  const isToldElsewhere = (word: string, ats: readonly Anchor[]): boolean =>
    [...files].some((file) => file.includes(word)) ||
    stating().some((file) => (documents.file(file)?.text.split(word).length ?? 0) - 1 > placesIn(file, ats));
  const found: MisspeltDestination[] = [];
  for (const addresses of byKind.values()) {
    for (const [to, going] of addresses) {
      const [meant, ...more] = [...addresses.keys()].flatMap((right) => {
        const words = misspeltWord(to, right);
        return words !== undefined && isMeant(going, words) ? [{ right, ...words }] : [];
      });
      if (meant === undefined || more.length > 0) continue;
      const clusters = new Set(going.flatMap(({ id }) => placement.get(id) ?? []));
      const of = new Set(addresses.get(meant.right)?.flatMap(({ id }) => placement.get(id) ?? []));
      const [cluster, ...several] = [...clusters].filter((one) => !of.has(one));
      const own = new Set(going.map(({ id }) => id));
      const isOthers = [...placement].some(([id, placed]) => !own.has(id) && cluster && placed.includes(cluster));
      const ats = going.map(({ at }) => at).filter((at, i, all) => all.findIndex((one) => sameAnchor(one, at)) === i);
      if (several.length > 0 || isOthers || isToldElsewhere(meant.word, ats)) continue;
      const { right, meant: word } = meant;
      found.push({ ats: ats as [Anchor, ...Anchor[]], to, right, word, units: going.map(({ unit }) => unit), cluster });
    }
  }
  const isFirst = (at: Anchor, i: number): boolean =>
    found.findIndex(({ ats }) => ats.some((one) => sameAnchor(one, at))) === i;
  return found.filter(({ ats }, i) => ats.every((at) => isFirst(at, i)));
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
  for (const { ats, to, right, word, units, cluster } of destinations) {
    const [place, ...others] = ats.flatMap((at) => {
      const location = documents.locate(at);
      return location === undefined ? [] : [{ at, location }];
    });
    const [first] = units;
    // What other repositories hold may speak for it.
    const isDeclared = configs.some(
      ({ meshes, imports }) =>
        imports.length > 0 || meshes.some((mesh) => mesh.clusters.some(({ name }) => name === to)),
    );
    if (place === undefined || first === undefined || isDeclared) continue;
    const objects = units.flatMap((unit) => unit.documents.flatMap((one) => one.objects));
    const following = standing.filter(
      ({ clusters, object }) =>
        (cluster !== undefined && clusters.includes(cluster)) ||
        objects.some(({ kind, name }) => kind === object?.kind && name.value === object.name),
    );
    const what = [...new Set(units.map(({ folder, name }) => folder ?? name ?? 'it'))].sort();
    const isWhole = ats.every((at) => {
      const written = writtenAt(at, { documents });
      return written?.type === 'scalar' && written.text === to;
    });
    const told = ownFinding(configs, {
      rule: INVALID_KUSTOMIZATION,
      severity: gravest(['warning', ...following.map(({ severity }) => severity)]) ?? 'warning',
      message: `${NAMES[first.tool]} applies ${listed(what)} to ${to}, where nothing else goes, though ${what.length > 1 ? 'they are' : 'it is'} called after ${word}. Perhaps ${right} is meant.`,
      ...place,
      related: [
        ...others.map((one) => ({ ...one, message: 'so it is here', cluster: undefined })),
        ...following.map(({ message, location, finding }) => ({
          message: firstSentence(message),
          at: finding.at,
          location,
          cluster: undefined,
        })),
      ],
      fixes: changeTo(ats, isWhole ? right : undefined),
    });
    if (told !== undefined) standing = [...standing.filter((one) => !following.includes(one)), told];
  }
  return standing;
}
