/** Files of environment variables: lines such as `network=east`, which are no YAML, though they are read as a document. */
import { type Path, type PathKey, pathKeys } from '../base/path.ts';
import type { Span } from '../base/range.ts';
import type { Node } from './node.ts';

/** Where the value of a key stands in the text. */
export function assignedValue(text: string, key: string): Span | undefined {
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const lead = /^\ufeff?\s*/.exec(line)?.[0].length ?? 0;
    if (line.startsWith(`${key}=`, lead)) return { start: index + lead + key.length + 1, end: index + line.length };
  }
  return undefined;
}

/** The key that a path in such a document names; undefined for a path in YAML. */
export function assignedKey(root: Node | undefined, path: Path): string | undefined {
  const [key, ...more]: readonly PathKey[] = pathKeys(path);
  return (root === undefined || root.type === 'scalar') && typeof key === 'string' && more.length === 0
    ? key
    : undefined;
}
