/** A unified diff of two texts, as `patch` and `git apply` read it. */

/** Unchanged lines shown around a change. */
const CONTEXT = 3;

type Step = { readonly kind: ' ' | '-' | '+'; readonly line: string };

/** @param before undefined: the file is new */
export function unifiedDiff(file: string, before: string | undefined, after: string): string {
  const steps = editSteps(splitLines(before ?? ''), splitLines(after));
  const head = [`--- ${before === undefined ? '/dev/null' : named(`a/${file}`)}`, `+++ ${named(`b/${file}`)}`];
  return [...head, ...hunks(steps)].map((line) => `${line}\n`).join('');
}

/** A name as git writes it (`quote_c_style` in quote.c): none ends its line and begins another patch. One with spaces ends with a tab (diff.c). */
function named(path: string): string {
  const quoted = path.replace(/[\p{Cc}"\\]/gu, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : octal(character),
  );
  return quoted === path ? `${path}${path.includes(' ') ? '\t' : ''}` : `"${quoted}"`;
}

function octal(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** Lines with their endings. */
function splitLines(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** The shortest way from one list of lines to the other (Myers, O(ND)), between what they share at both ends. */
function editSteps(a: readonly string[], b: readonly string[]): readonly Step[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const same = (line: string): Step => ({ kind: ' ', line });
  return [
    ...a.slice(0, start).map(same),
    ...shortestEdit(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ];
}

function shortestEdit(a: readonly string[], b: readonly string[]): readonly Step[] {
  const reached: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= a.length + b.length; d++) {
    reached.push(new Map(furthest));
    const next = new Map(furthest);
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(furthest, k, d) ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, reached, d);
    }
    furthest = next;
  }
  return [];
}

function goesDown(furthest: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && at(furthest, k - 1) < at(furthest, k + 1));
}

function at(furthest: ReadonlyMap<number, number>, k: number): number {
  return furthest.get(k) ?? -1;
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  reached: readonly ReadonlyMap<number, number>[],
  last: number,
): readonly Step[] {
  const steps: Step[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = last; d >= 0; d--) {
    const furthest = reached[d] as ReadonlyMap<number, number>;
    const k = x - y;
    const down = goesDown(furthest, k, d);
    const fromX = d === 0 ? 0 : at(furthest, down ? k + 1 : k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      steps.push({ kind: ' ', line: a[--x] as string });
      y--;
    }
    if (d === 0) break;
    if (down) steps.push({ kind: '+', line: b[--y] as string });
    else steps.push({ kind: '-', line: a[--x] as string });
  }
  return steps.reverse();
}

function hunks(steps: readonly Step[]): readonly string[] {
  const lines: string[] = [];
  const changed = steps.flatMap(({ kind }, i) => (kind === ' ' ? [] : [i]));
  let oldLine = 1;
  let newLine = 1;
  let done = 0;
  for (let i = 0; i < changed.length; ) {
    const from = Math.max(done, (changed[i] as number) - CONTEXT);
    let to = changed[i] as number;
    while (i < changed.length && (changed[i] as number) <= to + 2 * CONTEXT) to = changed[i++] as number;
    const end = Math.min(steps.length, to + CONTEXT + 1);
    oldLine += from - done;
    newLine += from - done;
    const body = steps.slice(from, end);
    const olds = body.filter(({ kind }) => kind !== '+').length;
    const news = body.filter(({ kind }) => kind !== '-').length;
    lines.push(`@@ -${olds === 0 ? oldLine - 1 : oldLine},${olds} +${news === 0 ? newLine - 1 : newLine},${news} @@`);
    for (const { kind, line } of body) lines.push(...diffLine(kind, line));
    oldLine += olds;
    newLine += news;
    done = end;
  }
  return lines;
}

function diffLine(kind: Step['kind'], line: string): readonly string[] {
  return line.endsWith('\n') ? [kind + line.slice(0, -1)] : [kind + line, '\\ No newline at end of file'];
}
