/** A JSON patch: what its operations cost, and what of a Secret is known to be one's after them. */
import assert from 'node:assert/strict';
import { type Anchor, below, type DocumentId, documentAnchor } from '../../../server/src/base/anchor.ts';
import { applyJsonPatch, jsonOperations } from '../../../server/src/deploy/kustomize/json-patch.ts';
import { TooLarge } from '../../../server/src/deploy/kustomize/refusal.ts';
import type { MapNode, Node, ScalarNode, SeqNode } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { get, items, rootCursor } from '../../../server/src/yaml/read.ts';

const OBJECT = 1 as DocumentId;
const PATCH = 2 as DocumentId;
const COUNT = 400;

function parsed(text: string): Node {
  const { root } = parseDocument(text);
  assert.ok(root !== undefined);
  return root;
}

/** The object after `operations`, each written as a flow map. */
function patched(root: Node, operations: readonly string[]): Node {
  const read = jsonOperations(rootCursor(PATCH, parsed(`[${operations.join(', ')}]`)));
  assert.ok(read !== undefined);
  return applyJsonPatch(rootCursor(OBJECT, root), read, []);
}

const each = <T>(made: (i: number) => T): T[] => Array.from({ length: COUNT }, (_, i) => made(i));

describe('a JSON patch', () => {
  describe('looks at what it does not change no more often where its operations are many', () => {
    let looks = 0;
    /** A piece of the object that counts how often it is looked at. */
    const watched = <N extends Node, K extends keyof N>(node: N, property: K): N => {
      const value = node[property];
      return Object.defineProperty({ ...node }, property, {
        enumerable: true,
        get: () => {
          looks++;
          return value;
        },
      });
    };
    beforeEach(() => {
      looks = 0;
    });

    for (const [what, operation] of [
      ['set', (i: number) => `{op: replace, path: /k${i}, value: w${i}}`],
      ['added', (i: number) => `{op: add, path: /n${i}, value: w${i}}`],
      ['moved', (i: number) => `{op: move, from: /k${i}, path: /n${i}}`],
      ['tested', (i: number) => `{op: test, path: /k${i}, value: v}`],
    ] as const) {
      it(`keys of a map that are ${what}`, () => {
        const map = parsed(each((i) => `k${i}: v\n`).join('')) as MapNode;
        const entries = map.entries.map(({ key, value }) => ({ key: watched<ScalarNode, 'text'>(key, 'text'), value }));
        patched({ ...map, entries }, each(operation));
        assert.ok(looks < 10 * COUNT, `${looks} for ${COUNT}`);
      });
    }

    for (const [what, operation] of [
      ['set', (i: number) => `{op: replace, path: /list/${i}, value: w}`],
      ['added', () => '{op: add, path: /list/0, value: w}'],
      ['taken away', () => '{op: remove, path: /list/-1}'],
    ] as const) {
      it(`items of a list that are ${what}`, () => {
        const map = parsed(`list: [${each(() => 'v').join(', ')}]`) as MapNode;
        const [entry] = map.entries;
        assert.ok(entry !== undefined);
        const list = entry.value as SeqNode;
        const at = (i: number): Anchor => below(documentAnchor(OBJECT), 'list', i);
        const watchedItems = list.items.map((item, i) => watched<Node, 'origin'>({ ...item, origin: at(i) }, 'origin'));
        patched({ ...map, entries: [{ key: entry.key, value: { ...list, items: watchedItems } }] }, each(operation));
        assert.ok(looks < 10 * COUNT, `${looks} for ${COUNT}`);
      });
    }
  });

  describe('is given up where its operations look again and again at much', () => {
    const much = parsed(`kind: Secret\ndata:\n${each((i) => `  k${i}: v\n`).join('')}`);
    const most = Array.from({ length: 1000 }, (_, i) => i);
    for (const [what, operations] of [
      ['that they move', most.map((i) => `{op: move, from: /data${i || ''}, path: /data${i + 1}}`)],
      ['that they copy', most.map(() => '{op: copy, from: /data, path: /other}')],
      [
        'for what is a Secret’s',
        most.map((i) => `{op: replace, path: /kind, value: ${i % 2 ? 'Secret' : 'ConfigMap'}}`),
      ],
    ] as const) {
      it(what, () => {
        assert.throws(() => patched(much, operations), TooLarge);
      });
    }
  });

  it('may copy where as much is taken away', () => {
    const object = parsed(`kind: ConfigMap\ndata: {a: ${'x'.repeat(100_000)}}`);
    const node = patched(object, each(() => '{op: copy, from: /data, path: /other}').slice(0, 60));
    assert.equal(node.type === 'map' && node.entries.length, 3);
  });

  it('leaves every value its place, however the items before it move', () => {
    const root = patched(parsed('list: [{a: 1}, {b: 2}]\nmap: {c: {d: 3}}\n'), [
      '{op: replace, path: /list/1/b, value: 4}',
      '{op: add, path: /list/0, value: x}',
      '{op: move, from: /map/c, path: /list/-}',
      '{op: add, path: /list/3/e, value: y}',
    ]);
    const places = items(get(rootCursor(OBJECT, root), 'list')).map((item) => [item.at, get(item, 'd')?.at]);
    assert.deepEqual(places, [
      [below(documentAnchor(PATCH), 1, 'value'), undefined],
      [below(documentAnchor(OBJECT), 'list', 0), undefined],
      [below(documentAnchor(OBJECT), 'list', 1), undefined],
      [below(documentAnchor(OBJECT), 'map', 'c'), below(documentAnchor(OBJECT), 'map', 'c', 'd')],
    ]);
  });

  it('leaves the object as it was', () => {
    const before = parsed('a: {b: 1}\nlist: [1, 2]\n');
    const copy = structuredClone(before);
    patched(before, [
      '{op: remove, path: /a/b}',
      '{op: add, path: /list/0, value: 0}',
      '{op: copy, from: /a, path: /c}',
    ]);
    assert.deepEqual(before, copy);
  });

  const SECRET = '{kind: Secret, metadata: {name: s}, data: {a: b}}';
  for (const [what, object, operations, path] of [
    ['that is copied', SECRET, ['{op: copy, from: /data/a, path: /metadata/name}'], ['metadata', 'name']],
    ['whose kind changes', SECRET, ['{op: replace, path: /kind, value: ConfigMap}'], ['data', 'a']],
    ['whose kind is taken away', SECRET, ['{op: remove, path: /kind}'], ['data', 'a']],
    [
      'that was put there',
      '{kind: Secret, data: {}}',
      ['{op: add, path: /data/a, value: b}', '{op: replace, path: /kind, value: ConfigMap}'],
      ['data', 'a'],
    ],
    [
      'of an item of a list',
      '{kind: SecretList, items: [{data: {a: b}}]}',
      ['{op: move, from: /items/0/data, path: /data}'],
      ['data', 'a'],
    ],
    [
      'in a template',
      '{kind: SealedSecret, spec: {template: {data: {a: b}}}}',
      ['{op: move, from: /spec/template/data, path: /data}'],
      ['data', 'a'],
    ],
    [
      'that goes into metadata',
      `{kind: Secret, inner: ${SECRET}}`,
      ['{op: move, from: /inner, path: /metadata}'],
      ['metadata', 'data', 'a'],
    ],
  ] as const) {
    it(`knows a text of a Secret ${what} for one's`, () => {
      const node = get(rootCursor(OBJECT, patched(parsed(object), operations)), ...path)?.node;
      assert.ok(node?.type === 'scalar' && node.text === 'b' && node.isSecret === true);
    });
  }
});
