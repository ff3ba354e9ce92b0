/** Edits of random documents: what is asked for is set, and every other value and every comment stays. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { below, documentAnchor } from '../../server/src/base/anchor.ts';
import type { PathKey } from '../../server/src/base/path.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import type { YamlValue } from '../../server/src/yaml/edit.ts';
import type { Node } from '../../server/src/yaml/node.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';

/** The text with one value set. */
function set(text: string, keys: readonly PathKey[], value: YamlValue): string | undefined {
  const table = new DocumentTable();
  const [document] = table.update('a.yaml', text).documents;
  assert.ok(document);
  const changes = textEdits(table, [{ op: 'set', at: below(documentAnchor(document.id), ...keys), value }]);
  const change = changes?.[0];
  if (change === undefined) return changes && text;
  return applyTextEdits(text, 'edits' in change ? change.edits : []);
}

describe('edits of random documents', () => {
  const key = fc.constantFrom('a', 'b', 'name', 'istio.io/global', 'yes', '1', 'x y');
  const scalar = fc.oneof(
    fc.constantFrom('true', 'no', '0012', '', ' ', '- x', '#', 'a: b', 'é ✓', '*x', '{{ x }}', "it's"),
    fc.integer(),
    fc.boolean(),
    fc.string(),
  );
  const { tree } = fc.letrec<{ tree: YamlValue }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar as fc.Arbitrary<YamlValue>,
      fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4 }) as fc.Arbitrary<YamlValue>,
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) as fc.Arbitrary<YamlValue>,
    ),
  }));
  const map = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }) as fc.Arbitrary<Readonly<Record<string, YamlValue>>>;

  it('set what is asked for, keep every other value and every comment', () => {
    fc.assert(
      fc.property(
        map,
        fc.array(key, { minLength: 1, maxLength: 3 }),
        scalar,
        fc.constantFrom('\n', '\r\n'),
        (value, path, wanted, eol) => {
          const before = write(value, 0, eol);
          const after = set(before, path, wanted as YamlValue);
          if (after === undefined) return;
          const { root, problems } = parseDocument(after);
          assert.deepEqual(problems, []);
          assert.ok(root);
          assert.deepEqual(plain(root), withValue(plain(parseDocument(before).root as Node), path, String(wanted)));
          const comments = (text: string) => text.split('# c').length;
          const lost = plainAt(parseDocument(before).root as Node, path);
          if (lost === undefined || typeof lost === 'string') assert.equal(comments(after), comments(before));
          assert.equal(set(after, path, wanted as YamlValue), after);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

/** Writes a map as block YAML with a comment on every line. */
function write(value: YamlValue, indent: number, eol: string): string {
  const lead = ' '.repeat(indent);
  const entries = Array.isArray(value)
    ? (value as readonly YamlValue[]).map((item) => ['-', item] as const)
    : Object.entries(value as object).map(([key, item]) => [`${JSON.stringify(key)}:`, item] as const);
  return entries
    .map(([head, item]) =>
      typeof item === 'object' && item !== null
        ? `${lead}${head} # c${eol}${write(item as YamlValue, indent + 2, eol)}`
        : `${lead}${head} ${JSON.stringify(item)} # c${eol}`,
    )
    .join('');
}

/** A tree as nested arrays of entries and texts, so that odd keys cannot do harm. */
function plain(node: Node): unknown {
  if (node.type === 'scalar') return node.text;
  return node.type === 'seq'
    ? node.items.map(plain)
    : new Map(node.entries.map(({ key, value }) => [key.text, plain(value)]));
}

function plainAt(node: Node, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (at instanceof Map ? at.get(key) : undefined), plain(node));
}

function withValue(tree: unknown, path: readonly string[], value: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const map = new Map(tree instanceof Map ? tree : []);
  map.set(key, withValue(map.get(key), rest, value));
  return map;
}
