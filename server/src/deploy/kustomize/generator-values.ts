/** Reads the keys and values of a generator: literals, files, files of environment variables. */

import { type Anchor, below, documentAnchor } from '../../base/anchor.ts';
import { lastSegment, resolvePath } from '../../base/relative-path.ts';
import type { Node } from '../../yaml/node.ts';
import { type Cursor, get, items, rootCursor } from '../../yaml/read.ts';
import type { DeployFile } from '../deploy-files.ts';
import type { Kustomization } from './kustomization-file.ts';
import { placed, textOf } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';

export interface GeneratedValue {
  readonly key: string;
  readonly value: string;
  readonly at: Anchor;
  /** What the value is as YAML, if it is a file of one document: every node stands where it is written. */
  readonly tree?: Node;
  /** The file that it is read from, as it is named. */
  readonly path?: string;
}

/** Reads a file that an entry names; undefined if its content is not known. */
export type ReadNamed = (entry: Cursor, path: string) => DeployFile | undefined;

/** The values; `complete` is false if a file is not known. */
export function generatedValues(generator: Cursor, read: ReadNamed): { values: GeneratedValue[]; complete: boolean } {
  const values: GeneratedValue[] = [];
  let complete = true;
  const env = get(generator, 'env');
  for (const entry of [...items(get(generator, 'envs')), ...(env === undefined ? [] : [env])]) {
    if (textOf(entry.node) === '' && entry === env) continue;
    const content = read(entry, textOf(entry.node));
    if (content === undefined) complete = false;
    else {
      const path = textOf(entry.node);
      values.push(...environment(content, entry.at).map((value) => ({ ...value, path })));
    }
  }
  for (const entry of items(get(generator, 'literals'))) {
    const literal = textOf(entry.node);
    const equals = literal.indexOf('=');
    if (equals < 1) {
      throw new Refusal('invalid-kustomization', 'a literal must have the form key=value', { at: entry.at });
    }
    values.push({ key: literal.slice(0, equals), value: unquoted(literal.slice(equals + 1)), at: entry.at });
  }
  for (const entry of items(get(generator, 'files'))) {
    const { key, path } = fileSource(entry);
    const content = read(entry, path);
    if (content === undefined) complete = false;
    else values.push({ key, value: content.text, at: entry.at, path, ...treeOf(path, content) });
  }
  const keys = new Set<string>();
  for (const { key, at } of values) {
    if (keys.has(key)) throw new Refusal('invalid-kustomization', `the key ‘${key}’ is there twice`, { at });
    keys.add(key);
  }
  return { values, complete };
}

const secretFilesOf = new WeakMap<Cursor, ReadonlySet<string>>();

/** The files that Secrets are made of in a kustomization: what else is made of them is as secret. */
export function secretFiles({ root, folder }: Pick<Kustomization, 'root' | 'folder'>): ReadonlySet<string> {
  const known = secretFilesOf.get(root);
  if (known !== undefined) return known;
  const named = items(get(root, 'secretGenerator')).flatMap((generator) => {
    const env = get(generator, 'env');
    return [...items(get(generator, 'envs')), ...(env === undefined ? [] : [env]), ...items(get(generator, 'files'))];
  });
  const found = new Set(
    named.flatMap(({ node }) => {
      const source = textOf(node);
      return resolvePath(folder, source.slice(source.lastIndexOf('=') + 1)) ?? [];
    }),
  );
  secretFilesOf.set(root, found);
  return found;
}

function treeOf(path: string, file: DeployFile): { readonly tree?: Node } {
  const [document, ...others] = /\.ya?ml$/i.test(path) ? file.documents() : [];
  if (document?.root === undefined || document.broken || others.length > 0) return {};
  return { tree: placed(rootCursor(document.id, document.root)) };
}

/** `key=path`, or a path whose last part is the key. */
function fileSource({ node, at }: Cursor): { readonly key: string; readonly path: string } {
  const source = textOf(node);
  const parts = source.split('=');
  if (parts.length === 1) return { key: lastSegment(source), path: source };
  const [key = '', path = ''] = parts;
  if (parts.length > 2 || key === '' || path === '') {
    throw new Refusal('invalid-kustomization', 'a file must have the form key=path', { at });
  }
  return { key, path };
}

function unquoted(text: string): string {
  const quoted = text.length >= 2 && (text[0] === '"' || text[0] === "'") && text.at(-1) === text[0];
  return quoted ? text.slice(1, -1) : text;
}

/** The lines of a file of environment variables. That is no YAML: each stands in its document under its key, else below the entry that names the file. */
function environment(file: DeployFile, entry: Anchor): GeneratedValue[] {
  const [document, ...more] = file.documents();
  const at = document === undefined || more.length > 0 ? entry : documentAnchor(document.id);
  const found: GeneratedValue[] = [];
  for (const [index, raw] of file.text.split('\n').entries()) {
    const line = (index === 0 ? raw.replace(/^\ufeff/, '') : raw).replace(/\r$/, '').trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    if (key !== '') found.push({ key, value: equals < 0 ? '' : line.slice(equals + 1), at: below(at, key) });
  }
  return found;
}
