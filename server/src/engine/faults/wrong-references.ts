/**
 * References of a template to another variable, or parameter, than is meant, such as to the cluster's name where its network is wanted: what
 * rules find of that in each cluster is one finding, at the reference.
 */
import { type Anchor, below, documentAnchor } from '../../base/anchor.ts';
import { type Location, positionAt } from '../../base/range.ts';
import { addTo, remember } from '../../base/remember.ts';
import { gravest } from '../../base/severity.ts';
import { meaningOf } from '../../deploy/name-meaning.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Fix } from '../../rules/rule.ts';
import { listed } from '../../rules/shared/wording.ts';
import type { Node } from '../../yaml/node.ts';
import type { BuildUse, Filling } from '../deployed/build-use.ts';
import { writtenAt } from '../deployed/built-places.ts';
import { compareText, type FindingWorld, joined } from '../findings/place-finding.ts';
import { type Use, usesIn } from '../fixes/fed-places.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { firstSentence } from './renamed-apart.ts';

/** What rules find, and fields hold, that a reference may confuse. */
const MEANINGS: ReadonlySet<string> = new Set(['network', 'cluster']);

const meanings = new Map<string, string>();

/** What the findings of a rule are about. */
function meaningOfRule(id: string): string {
  return remember(meanings, id, () => meaningOf(id));
}

/** A value that a finding is about, filled in by a reference that is called after something else. */
interface Misfed {
  readonly finding: PlacedFinding;
  readonly cluster: ClusterId;
  readonly filling: Filling;
  readonly key: string;
  readonly written: NonNullable<Use['written']>;
  readonly value: string;
  /** What the other sides of the finding have. */
  readonly expected: ReadonlySet<string>;
  /** True if the value is called after something else that is a cluster's own. */
  readonly isNamed: boolean;
  /** True if it is what is to blame, too. */
  readonly isBlamed: boolean;
}

/** @param findings what stands of the rules */
export function withWrongReferences(
  findings: readonly PlacedFinding[],
  world: FindingWorld,
  clusterName: (id: ClusterId) => string,
): readonly PlacedFinding[] {
  const groups = new Map<string, Misfed[]>();
  for (const finding of findings)
    if (MEANINGS.has(meaningOfRule(finding.rule.id)))
      for (const [place, misfed] of misfedIn(finding, world)) addTo(groups, place, misfed);
  const hidden = new Set<PlacedFinding>();
  const same = new Map<string, { readonly meant: string | undefined; readonly groups: (readonly Misfed[])[] }>();
  for (const group of groups.values()) {
    const meant = meantBy(group, world);
    const told = new Set(group.map(({ finding }) => finding));
    if (meant === undefined && !isCertain(group, world)) continue;
    const id = JSON.stringify([meant, ...[...told].map((finding) => finding.id).sort()]);
    const known = same.get(id);
    if (known !== undefined) known.groups.push(group);
    else if (![...told].every((finding) => hidden.has(finding))) same.set(id, { meant, groups: [group] });
    for (const finding of told) hidden.add(finding);
  }
  if (same.size === 0) return findings;
  const told = [...same.values()].map((one) => findingOf(one.groups, one.meant, world, clusterName));
  return [...findings.filter((finding) => !hidden.has(finding)), ...told];
}

function* misfedIn(finding: PlacedFinding, world: FindingWorld): Generator<readonly [string, Misfed]> {
  const meaning = meaningOfRule(finding.rule.id);
  for (const { finding: own, clusters } of finding.joins ?? [finding]) {
    const [cluster] = clusters;
    const places = [own.at, ...own.related.map(({ at }) => at)];
    // Nothing is filled in in most repositories.
    const filled = new Set(places.filter((at) => world.fillingsOf(at).length > 0));
    if (filled.size === 0) continue;
    const sides = places.filter((at) => at.part !== 'key' || filled.has(at));
    const texts = sides.map((at) => textAt(at, world));
    for (const [i, at] of sides.entries()) {
      const value = texts[i];
      const named = meaningOf(String(at.path.key));
      if (value === undefined || cluster === undefined || named === meaning) continue;
      const expected = new Set(texts.flatMap((text) => (text === undefined || text === value ? [] : [text])));
      const isNamed = MEANINGS.has(named);
      const isBlamed = i === 0 && isNamed;
      for (const filling of world.fillingsOf(at))
        for (const { place, key, written } of usesIn(filling, world))
          if (written !== undefined && key !== undefined && meaningOf(key) === meaning)
            yield [place, { finding, cluster, filling, key, written, value, expected, isNamed, isBlamed }];
    }
  }
}

function textAt(at: Anchor, world: FindingWorld): string | undefined {
  const node = writtenAt(at, world);
  if (node?.type === 'scalar') return node.text;
  // What is filled in may be the name of what stands there, such as that of an environment.
  return world.fillingsOf(at).flatMap(({ reference, references }) => references.get(reference)?.value ?? [])[0];
}

/** All that the template is filled with, or the file. */
function fedBy([{ filling, written }]: readonly [Misfed, ...Misfed[]], world: FindingWorld): readonly BuildUse[] {
  const [template] = filling.templates;
  const uses = template === undefined ? world.usesOf(written.file) : world.templateUsesAt(template);
  return uses.filter(
    ({ references, clusters, isSuspended }) => references !== undefined && clusters.length > 0 && isSuspended !== true,
  );
}

/** True if it is wrong in all clusters for which it is filled in. */
function isOfAll(group: readonly Misfed[], fed: readonly BuildUse[]): boolean {
  const found = new Set(group.map(({ cluster }) => cluster));
  return found.size > 1 && fed.every(({ clusters }) => clusters.every((cluster) => found.has(cluster)));
}

function isCertain(group: readonly Misfed[], world: FindingWorld): boolean {
  return group.every(({ isBlamed }) => isBlamed) && isOfAll(group, fedBy(group as [Misfed], world));
}

/** The one reference that gives what the other sides of the findings have, and elsewhere what there is already. */
function meantBy(group: readonly Misfed[], world: FindingWorld): string | undefined {
  const [first] = group as readonly [Misfed, ...Misfed[]];
  const fed = fedBy([first], world);
  const { reference } = first.filling;
  const fitting = [...first.filling.references.keys()].filter(
    (name) =>
      name !== reference &&
      fed.every(({ clusters, references }) =>
        clusters.every((cluster) => {
          const value = references?.get(name)?.value;
          const own = group.filter((one) => one.cluster === cluster);
          if (own.length === 0) return value === references?.get(reference)?.value;
          return own.every(({ expected }) => value !== undefined && expected.has(value));
        }),
      ),
  );
  const meaning = meaningOf(first.key);
  const [alike, ...more] = fitting.filter(
    (name) => meaningOf(/(?<![\w.-])[\w.-]*\w/.exec(name)?.[0] ?? '') === meaning,
  );
  // What is called after something else, such as `ztunnel`, may have a value of its own.
  if (!isOfAll(group, fed)) return group.every(({ isNamed }) => isNamed) && more.length === 0 ? alike : undefined;
  if (alike !== undefined) return more.length === 0 ? alike : undefined;
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** @param groups of several references that are wrong alike */
function findingOf(
  groups: readonly (readonly Misfed[])[],
  name: string | undefined,
  world: FindingWorld,
  clusterName: (id: ClusterId) => string,
): PlacedFinding {
  const [of] = groups as readonly [readonly [Misfed, ...Misfed[]]];
  const [{ key, written }] = of;
  const meant = name && spacedAs(written.text, name);
  const found = [...new Set(groups.flat().map(({ finding }) => finding))] as [PlacedFinding, ...PlacedFinding[]];
  const values = new Map(of.map((one) => [clusterName(one.cluster), one]));
  const inOrder = [...values].sort(([a], [b]) => compareText(a, b));
  const gives = listed([...new Set(inOrder.map(([, { value }]) => value))]);
  const reference = ({ filling }: Misfed): string | undefined => filling.references.get(name ?? '')?.value;
  const wanted = listed(inOrder.map(([, one]) => reference(one) ?? [...one.expected].sort().join(' or ')));
  const places = groups.flatMap(([one]) => (one === undefined ? [] : [placeOf(one.written, world)]));
  const [place, ...others] = places as [ReturnType<typeof placeOf>, ...ReturnType<typeof placeOf>[]];
  const joint = joined(found[0], found.slice(1), []);
  const message = `${key} is filled in with ${written.text} here, which gives ${gives}. ${meant === undefined ? 'Expected is' : `${meant} gives what is expected:`} ${wanted}.`;
  const severity = gravest(found.map((one) => one.severity)) ?? joint.severity;
  const edits = places.flatMap(({ at, isWhole, text }) =>
    isWhole && name !== undefined ? [{ op: 'set', at, value: spacedAs(text, name) } as const] : [],
  );
  const fix: Fix = { title: `Change to ${meant}`, safe: false, preferred: true, edits: () => edits };
  return {
    ...joint,
    message,
    severity,
    location: place.location,
    related: [
      ...others.map((other) => ({ ...other, cluster: undefined, message: 'so it is here' })),
      ...found.map((one) => ({
        message: firstSentence(one.message),
        at: one.finding.at,
        location: one.location,
        cluster: undefined,
      })),
    ],
    fixes: () => (edits.length < places.length ? [] : [fix]),
    finding: { ...joint.finding, message, at: place.at },
  };
}

/** A reference with the blanks of another one within its braces. */
function spacedAs(written: string, reference: string): string {
  const [blanks = ''] = /(?<=^\{\{)[ ]+/.exec(written) ?? [];
  return reference.replace(/^\{\{(.+)\}\}$/, `{{${blanks}$1${blanks}}}`);
}

/** Where a reference is written, and whether it is all that stands there. */
function placeOf(
  { file, start, text }: Misfed['written'],
  { documents }: FindingWorld,
): { readonly at: Anchor; readonly location: Location; readonly isWhole: boolean; readonly text: string } {
  const starts = documents.lineStarts(file);
  const range = { start: positionAt(starts, start), end: positionAt(starts, start + text.length) };
  const document = documents.file(file)?.documents.findLast((one) => one.start <= start);
  const root = document && documents.parsed(document.id)?.root;
  let at = document === undefined ? documentAnchor(-1 as Anchor['doc']) : documentAnchor(document.id);
  let node: Node | undefined = root;
  while (node !== undefined && node.type !== 'scalar') {
    const parts: readonly (readonly [string | number, Node])[] =
      node.type === 'map' ? node.entries.map(({ key, value }) => [key.text, value]) : [...node.items.entries()];
    const offset = start - (document?.start ?? 0);
    const next = parts.find(([, part]) => part.start <= offset && offset < part.end);
    if (next !== undefined) at = below(at, next[0]);
    node = next?.[1];
  }
  return { at, location: { file, range }, isWhole: node?.text === text, text };
}
