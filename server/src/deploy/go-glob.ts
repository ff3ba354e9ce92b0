/** Matches the glob patterns of Go programs in time that no pattern can blow up. */
import { expandBraces, inClass } from '../base/glob.ts';

const MAX_LENGTH = 2000;

type Token =
  | { readonly kind: 'text'; readonly char: string }
  | { readonly kind: 'one' }
  /** Any run of characters; `deep`: slashes too. */
  | { readonly kind: 'run'; readonly deep: boolean }
  | { readonly kind: 'class'; readonly chars: string; readonly negated: boolean };

export interface GlobOptions {
  /** True if `*` and `?` match slashes as well; `**` always does. */
  readonly crossSlashes: boolean;
  /** True if `{a,b}` means alternatives. */
  readonly braces?: boolean;
}

/** A predicate for the texts that a pattern matches as a whole; one that is too large matches nothing. */
export function goGlob(pattern: string, { crossSlashes, braces = false }: GlobOptions): (text: string) => boolean {
  if (pattern.length > MAX_LENGTH) return () => false;
  const alternatives = braces ? (expandBraces(pattern, (inner) => inner.split(',')) ?? []) : [pattern];
  // `a/**/b` matches `a/b` too.
  const patterns = alternatives
    .flatMap((text) => (text.includes('**/') ? [text, text.replaceAll('**/', '')] : [text]))
    .map((text) => tokens(text, crossSlashes));
  return (text) => text.length <= MAX_LENGTH && patterns.some((tokens) => matches(tokens, text, crossSlashes));
}

function tokens(pattern: string, crossSlashes: boolean): readonly Token[] {
  const found: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '*') {
      let stars = 1;
      while (pattern[i + stars] === '*') stars++;
      i += stars - 1;
      found.push({ kind: 'run', deep: crossSlashes || stars > 1 });
    } else if (char === '?') found.push({ kind: 'one' });
    else if (char === '[' && pattern.indexOf(']', i + 2) > 0) {
      const end = pattern.indexOf(']', i + 2);
      const inner = pattern.slice(i + 1, end);
      const negated = /^[!^]/.test(inner);
      found.push({ kind: 'class', chars: negated ? inner.slice(1) : inner, negated });
      i = end;
    } else {
      if (char === '\\') i++;
      found.push({ kind: 'text', char: pattern[i] ?? '\\' });
    }
  }
  return found;
}

function matchesOne(token: Token, char: string, crossSlashes: boolean): boolean {
  switch (token.kind) {
    case 'text':
      return token.char === char;
    case 'one':
      return crossSlashes || char !== '/';
    case 'class':
      return inClass(token.chars, char) !== token.negated;
    case 'run':
      return token.deep || char !== '/';
  }
}

/** All positions in the pattern that the text so far may have reached. */
function matches(pattern: readonly Token[], text: string, crossSlashes: boolean): boolean {
  let reached = skipRuns(pattern, new Set([0]));
  for (const char of text) {
    const next = new Set<number>();
    for (const at of reached) {
      const token = pattern[at];
      if (token === undefined || !matchesOne(token, char, crossSlashes)) continue;
      next.add(token.kind === 'run' ? at : at + 1);
    }
    reached = skipRuns(pattern, next);
    if (reached.size === 0) return false;
  }
  return reached.has(pattern.length);
}

/** A run may be empty. */
function skipRuns(pattern: readonly Token[], reached: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(reached);
  for (const at of all) if (pattern[at]?.kind === 'run') all.add(at + 1);
  return all;
}
