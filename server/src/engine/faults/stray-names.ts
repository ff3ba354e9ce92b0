/**
 * Folders and files of values that a tool takes for one cluster although they are called after another one, which gets them too: a path
 * was copied. What is called after the cluster lies beside them, and nothing takes it.
 */

import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { isCalled } from '../../base/copied-name.ts';
import { pathKeys } from '../../base/path.ts';
import { folderOf } from '../../base/relative-path.ts';
import { addTo } from '../../base/remember.ts';
import { gravest } from '../../base/severity.ts';
import type { Configs } from '../../config/config.ts';
import type { NamedPath, Unit } from '../../deploy/unit.ts';
import type { ClusterId, Layout } from '../../layout/layout.ts';
import { isClusterLike } from '../../layout/path-words.ts';
import { listed } from '../../rules/shared/wording.ts';
import { rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { reach } from '../deployed/built-places.ts';
import type { Folders } from '../deployed/nearest-folder.ts';
import { ownFinding } from '../findings/own-findings.ts';
import { INVALID_KUSTOMIZATION } from '../findings/own-rules.ts';
import { changeTo } from '../fixes/change-to.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { NAMES } from './lacked-paths.ts';
import { firstSentence } from './renamed-apart.ts';

export interface StrayName {
  readonly tool: string;
  /** Where the path is written. */
  readonly at: Anchor;
  readonly path: string;
  /** True for a folder that is applied, false for values. */
  readonly isFolder: boolean;
  /** The cluster that gets it, if that shows in what is applied, and what lies there for that one. */
  readonly cluster: ClusterId | undefined;
  readonly own: string;
  /** The words of the other cluster and of this one. */
  readonly words: readonly [other: string, own: string];
  /** True if other clusters get what is named in the same place. */
  readonly isShared: boolean;
}

/** What a unit takes for its only cluster. */
interface Taken extends NamedPath {
  readonly unit: Unit;
  readonly cluster: ClusterId | undefined;
  /** The cluster, or the file that tells of what goes there: of an app of apps nothing else tells whose it is. */
  readonly taker: string;
}

/** @param units those that go to clusters, by their ids */
export function strayNames(
  units: ReadonlyMap<string, Unit>,
  { placement, clusters }: Pick<Layout, 'placement' | 'clusters'>,
  folders: Folders,
): readonly StrayName[] {
  const taken: Taken[] = [];
  for (const [id, unit] of units) {
    const [cluster, ...more] = placement.get(id) ?? [];
    const isOfApps = cluster === undefined && unit.documents.some(({ deploys }) => deploys === true);
    if ((cluster === undefined && !isOfApps) || more.length > 0 || NAMES[unit.tool] === undefined) continue;
    for (const named of unit.names ?? []) taken.push({ ...named, unit, cluster, taker: cluster ?? unit.holder });
  }
  const byPath = new Map<string, Taken[]>();
  for (const one of taken) addTo(byPath, one.path, one);
  const isUsed = (path: string): boolean => {
    const isIn = (file: string): boolean => file === path || file.startsWith(`${path}/`);
    // What is told in there counts only where it is deployed.
    return [...units.values()].some(({ holder, uses, folder = '.' }) =>
      isIn(holder) ? folder === '' || `${path}/`.startsWith(`${folder}/`) : isIn(folder) || uses.some(isIn),
    );
  };
  const words = new Map([...clusters.values()].map((one) => [one.id, clusterWords(one)]));
  const wordsOf = (cluster: ClusterId | undefined): readonly string[] => words.get(cluster ?? '') ?? [];
  const known = new Set([...words.values()].flat());
  const found: StrayName[] = [];
  for (const [path, all] of byPath) {
    const taking = new Set(all.map(({ taker }) => taker));
    if (taking.size < 2) continue;
    // What many clusters share is called after none of them.
    const ofTakers = all.flatMap(({ cluster }) => (cluster === undefined ? [...known] : wordsOf(cluster)));
    const named = [...new Set(ofTakers)].filter((word) => isPartOf(path, word));
    for (const { unit, cluster, taker, at } of named.length === 0 ? [] : all) {
      const texts = textsOf(unit, wordsOf(cluster));
      const others = all.filter((one) => one.taker !== taker);
      for (const word of named) {
        const owners = others.map((other) => textsOf(other.unit, wordsOf(other.cluster)));
        const owner = owners.find((own) => isCalled(word, own));
        if (owner === undefined || isCalled(word, texts)) continue;
        const [own, ...more] = pathsLike(path, word, known, folders).filter(
          (like) => isCalled(like.word, texts) && !isCalled(like.word, owner) && !isUsed(like.path),
        );
        if (own === undefined || more.length > 0) continue;
        const isShared = others.some((other) => sameAnchor(other.at, at));
        const isFolder = unit.folder === path;
        found.push({
          tool: unit.tool,
          at,
          path,
          isFolder,
          cluster,
          own: own.path,
          words: [word, own.word],
          isShared,
        });
        break;
      }
    }
  }
  return found;
}

/** What a cluster is called: its name, and the last step of its id. */
function clusterWords({ id, name }: { readonly id: ClusterId; readonly name: string }): readonly string[] {
  return [name.replace(` (${id})`, ''), id.slice(id.lastIndexOf('/') + 1)];
}

/** What tells to which cluster a unit goes; what is installed there may be another one's. */
function textsOf({ via, name, destination }: Unit, words: readonly string[]): readonly string[] {
  const { keys, words: ofElement } = destination;
  const last = words.at(-1) ?? '';
  return [...via, name ?? '', ...keys.map(({ value }) => value), ...ofElement.map(({ value }) => value), last];
}

function isPartOf(path: string, word: string): boolean {
  return path.split('/').some((step) => partsAt(step, word) !== undefined);
}

/**
 * What is there and called like a path, but for one word in its place.
 * @param known words of clusters, whatever they mean elsewhere
 */
function pathsLike(
  path: string,
  word: string,
  known: ReadonlySet<string>,
  folders: Folders,
): readonly { readonly path: string; readonly word: string }[] {
  const steps = path.split('/');
  const index = steps.findIndex((step) => partsAt(step, word) !== undefined);
  const [before, after] = partsAt(steps[index] ?? '', word) ?? [];
  if (before === undefined || after === undefined) return [];
  return folders.children(steps.slice(0, index).join('/')).flatMap(({ name }) => {
    if (!name.startsWith(before) || !name.endsWith(after) || name.length <= before.length + after.length) return [];
    const other = name.slice(before.length, name.length - after.length);
    if (other === word || !/^[\w-]+$/.test(other) || !(known.has(other) || isClusterLike(other))) return [];
    const rest = steps.slice(index + 1).map((step) => withWord(step, word, other));
    const like = [...steps.slice(0, index), name, ...rest].join('/');
    const isThere = folders
      .children(folderOf(like))
      .some((child) => like.endsWith(`/${child.name}`) || like === child.name);
    return isThere ? [{ path: like, word: other }] : [];
  });
}

/** What stands before and after a whole word in a step of a path. */
function partsAt(step: string, word: string): readonly [string, string] | undefined {
  const start = step.indexOf(word);
  if (word === '' || start < 0) return undefined;
  const [before, after] = [step.slice(0, start), step.slice(start + word.length)];
  return /[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after) ? undefined : [before, after];
}

function withWord(step: string, word: string, other: string): string {
  const [before, after] = partsAt(step, word) ?? [];
  return before === undefined ? step : `${before}${other}${after}`;
}

/**
 * @param findings what stands of the rules
 * @returns them without what follows from such paths, and the findings that tell of these
 */
export function withStrayNames(
  findings: readonly PlacedFinding[],
  names: readonly StrayName[],
  configs: Configs,
  documents: Documents,
): readonly PlacedFinding[] {
  const told: PlacedFinding[] = [];
  const hidden = new Set<PlacedFinding>();
  for (const [i, { at, path }] of names.entries()) {
    const same = names.filter((one) => one.path === path && sameAnchor(one.at, at));
    if (same[0] !== names[i]) continue;
    const following = findings.filter((finding) => followsFrom(finding, same, documents));
    const finding = findingOf(same, following, configs, documents);
    if (finding === undefined) continue;
    told.push(finding);
    for (const one of following) hidden.add(one);
  }
  return told.length === 0 ? findings : [...findings.filter((finding) => !hidden.has(finding)), ...told];
}

/** True for what is wrong in nothing but these clusters, where what they should not get is part of it. */
function followsFrom(
  { finding, clusters, alsoBlamed = [] }: PlacedFinding,
  names: readonly StrayName[],
  documents: Documents,
): boolean {
  const blamed = [clusters[0], ...alsoBlamed];
  if (!blamed.every((cluster) => names.some((one) => one.cluster === cluster))) return false;
  return [finding, ...finding.related].some(({ at }) => {
    const file = documents.document(at.doc)?.file;
    return names.some(({ path }) => file === path || file?.startsWith(`${path}/`) === true);
  });
}

/** @param names of one place */
function findingOf(
  names: readonly StrayName[],
  following: readonly PlacedFinding[],
  configs: Configs,
  documents: Documents,
): PlacedFinding | undefined {
  const [first] = names;
  const location = first && documents.locate(first.at);
  if (first === undefined || location === undefined) return undefined;
  const { tool, at, path, isFolder, words, isShared } = first;
  const clusters = listed([...new Set(names.map((one) => one.words[1]))].sort());
  const unused = listed([...new Set(names.map((one) => one.own))].sort());
  const what = isFolder
    ? `applies ${path} to ${clusters}, as it does to`
    : `gives ${clusters} the values in ${path}, as it does`;
  const fixed = isShared ? undefined : otherPath(at, words, documents);
  return ownFinding(configs, {
    rule: INVALID_KUSTOMIZATION,
    severity: gravest(['warning', ...following.map(({ severity }) => severity)]) ?? 'warning',
    message: `${NAMES[tool]} ${what} ${words[0]}. Nothing that is read takes ${unused}.`,
    location,
    at,
    related: following.map(({ message, location: where, finding }) => ({
      message: firstSentence(message),
      at: finding.at,
      location: where,
      cluster: undefined,
    })),
    fixes: changeTo(at, fixed),
  });
}

/** The path as it is written, with the one word in the place of the other. */
function otherPath({ doc, path }: Anchor, [from, to]: StrayName['words'], documents: Documents): string | undefined {
  const root = documents.parsed(doc)?.root;
  const written = root && reach(rootCursor(doc, root), pathKeys(path));
  const node = written?.exists === true ? written.cursor.node : undefined;
  if (node?.type !== 'scalar') return undefined;
  const steps = node.text.split('/').map((step) => withWord(step, from, to));
  return steps.join('/') === node.text ? undefined : steps.join('/');
}
