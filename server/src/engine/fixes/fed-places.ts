/**
 * What one scalar feeds: a variable of Flux, a parameter of an element, a key of a ConfigMap that Helm takes. Another value in it is another
 * value in all of these places, so it may be changed only if all of them want that.
 */
import { type Anchor, documentAnchor } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import { meaningOf } from '../../deploy/name-meaning.ts';
import { entries, get, items, rootCursor } from '../../yaml/read.ts';
import type { Documents, SourceDocument } from '../../yaml/source.ts';
import type { Filling } from '../deployed/build-use.ts';
import { reach } from '../deployed/built-places.ts';

interface World {
  readonly documents: Documents;
  /** What tools fill in from a place. */
  fillingsOf(at: Anchor): readonly Filling[];
  /** The files that may hold what Flux deploys. */
  filesOfFlux(): readonly string[];
}

/** One use of a value. */
export interface Use {
  /** Where, to know uses apart that are found twice. */
  readonly place: string;
  /** The key that gets it; undefined where it is a part of a text. */
  readonly key: string | undefined;
  /** The file, from where to where in it, and what is written there; undefined where it is not a text. */
  readonly written?: { readonly file: string; readonly start: number; readonly text: string };
}

/** True if a place feeds fields that mean different things, or is a part of others. */
export function feedsDifferent(at: Anchor, world: World): boolean {
  const uses = usesOf(at, world);
  if (uses.length > 1 && uses.some(({ key }) => key === undefined)) return true;
  const [meaning, ...others] = new Set(uses.flatMap(({ key }) => (key === undefined ? [] : meaningOf(key))));
  return others.length > 0 || (meaning !== undefined && isCalledOtherwise(String(at.path.key), meaning));
}

/** True for what is called after something else than what it feeds, such as a network that is taken from `REGION`. */
function isCalledOtherwise(name: string, meaning: string): boolean {
  if (meaning !== 'network' && meaning !== 'cluster') return false;
  return !/^(?:name|id|value)$/i.test(name) && meaningOf(name) !== meaning;
}

/** True if something is filled in from a place: without it there would be nothing. */
export function feedsAny(at: Anchor, world: World): boolean {
  return usesOf(at, world).length > 0;
}

function usesOf(at: Anchor, world: World): readonly Use[] {
  const found = [...world.fillingsOf(at).flatMap((filling) => usesIn(filling, world)), ...targetsOf(at, world)];
  return [...new Map(found.map((use) => [use.place, use])).values()];
}

/** Where a place is filled in. */
export function usesIn(
  { reference, templates, files }: Pick<Filling, 'reference' | 'templates' | 'files'>,
  { documents }: Pick<World, 'documents'>,
): readonly Use[] {
  const docs = [...new Set(templates.map(({ doc }) => doc))];
  const texts =
    docs.length > 0
      ? docs.map((doc) => documents.document(doc))
      : files.map((file) => ({ file, start: 0, text: documents.file(file)?.text ?? '' }));
  return texts.flatMap((text) => (text === undefined ? [] : [...usesInText(reference, text)]));
}

/** So far is looked on both sides of a reference. */
const MOST_BESIDE = 300;

/** A key, and the quote of a value, before a reference; and what may end the value. */
const BEFORE = /(?:^|[\s,{"'])([\w./-]+)["']?:\s*\\?["']?$/;
const AFTER = /^\\?["']?\s*(?:[,}\]#]|\\n|$)/;

/** What gets a `value`: the path of a JSON patch, or the name of a parameter. */
const NAMED = /(?:path|name)["']?:[ \t]*\\?["']?([^\s,"'\\]+)/g;

function* usesInText(
  reference: string,
  { file, start: from, text }: Pick<SourceDocument, 'file' | 'start' | 'text'>,
): Generator<Use> {
  const word = /\w(?:[\w.-]*\w)?/.exec(reference)?.[0] ?? '';
  const literal = word.replaceAll(/[.-]/g, '\\$&');
  const pattern = reference.startsWith('$')
    ? new RegExp(`\\$\\{${literal}(?!\\w)[^}\\n]{0,200}\\}`, 'g')
    : new RegExp(`\\{\\{[^{}\\n]{0,200}(?<![\\w.])\\.?${literal}(?![\\w-])[^{}\\n]{0,200}\\}\\}`, 'g');
  for (const { 0: written, index } of text.matchAll(pattern)) {
    // All of the text may be one line, and each part of it a reference.
    const before = text.slice(Math.max(0, index - MOST_BESIDE), index);
    const after = text.slice(index + written.length, index + written.length + MOST_BESIDE);
    const named = BEFORE.exec(before.slice(before.lastIndexOf('\n') + 1))?.[1];
    const path = named === 'value' ? [...before.matchAll(NAMED)].at(-1)?.[1] : undefined;
    const key = path?.split('/').at(-1)?.replaceAll('~1', '/') ?? named;
    const isWhole =
      AFTER.test(after.split('\n', 1)[0] as string) && written.replaceAll(/[\s{}$]/g, '').replace(/^\./, '') === word;
    const place = { file, start: from + index, text: written };
    yield { place: `${file} ${place.start}`, key: isWhole ? key : undefined, written: place };
  }
  // A generator that merges elements by it.
  for (const { 0: list, index } of text.matchAll(/mergeKeys:(?:\s*\[[^\]]{0,2000}\]|\s*-[^\n]*(?:\n[ \t]*-[^\n]*)*)/g))
    if (list.split(/[\s[\],"'-]+/).includes(word)) yield { place: `${file} ${from + index}`, key: undefined };
}

/** The `targetPath`s that Flux fills from a key of a ConfigMap. */
function* targetsOf({ doc, path }: Anchor, { documents, filesOfFlux }: World): Generator<Use> {
  const [map, key, ...inner] = pathKeys(path);
  const root = documents.parsed(doc)?.root;
  if (map !== 'data' || typeof key !== 'string' || inner.length > 0 || root === undefined) return;
  const name = textAt(doc, root, 'metadata', 'name');
  for (const file of filesOfFlux()) {
    for (const { id: other, text } of documents.file(file)?.documents ?? []) {
      const release = text.includes('targetPath') ? documents.parsed(other)?.root : undefined;
      if (release === undefined) continue;
      const from = reach(rootCursor(other, release), ['spec', 'valuesFrom']);
      for (const [index, entry] of items(from.exists ? from.cursor : undefined).entries()) {
        const fields = new Map(
          entries(entry).map(([field, { node }]) => [field, node.type === 'scalar' ? node.text : '']),
        );
        if (fields.get('name') !== name || fields.get('valuesKey') !== key) continue;
        yield { place: `${other} ${index}`, key: fields.get('targetPath') };
      }
    }
  }

  function textAt(id: typeof doc, node: NonNullable<typeof root>, ...keys: readonly string[]): string | undefined {
    const found = get({ node, at: documentAnchor(id) }, ...keys)?.node;
    return found?.type === 'scalar' ? found.text : undefined;
  }
}
