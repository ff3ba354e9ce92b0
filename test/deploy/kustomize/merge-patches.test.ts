/** Strategic merge patches look at what they do not change no more often where there is much of it. */
import assert from 'node:assert/strict';
import { type DocumentId, documentAnchor } from '../../../server/src/base/anchor.ts';
import { applyObjects } from '../../../server/src/deploy/kustomize/apply-patches.ts';
import { builtInSchema } from '../../../server/src/deploy/kustomize/merge-schema.ts';
import { objectId, type Resource } from '../../../server/src/deploy/kustomize/resource.ts';
import { strategicMerge } from '../../../server/src/deploy/kustomize/strategic-merge.ts';
import { textAt } from '../../../server/src/deploy/read-text.ts';
import type { MapNode } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { child, get, items, rootCursor } from '../../../server/src/yaml/read.ts';

const OBJECT = 1 as DocumentId;
const PATCH = 2 as DocumentId;
const COUNT = 400;

function parsed(text: string): MapNode {
  const { root } = parseDocument(text);
  assert.ok(root?.type === 'map');
  return root;
}

const each = <T>(made: (i: number) => T): T[] => Array.from({ length: COUNT }, (_, i) => made(i));

/** The object with a property that counts how often it is read. */
function watched<T extends object>(object: T, property: keyof T, onRead: () => void): T {
  const value = object[property];
  const get = () => {
    onRead();
    return value;
  };
  return Object.defineProperty({ ...object }, property, { enumerable: true, get });
}

describe('strategic merge patches', () => {
  let looks = 0;
  const look = (): void => {
    looks++;
  };
  beforeEach(() => {
    looks = 0;
  });

  it('look at each key of a map a few times', () => {
    const root = parsed(`kind: A\ndata:\n${each((i) => `  k${i}: v\n`).join('')}`);
    const data = child(root, 'data');
    const [kind] = root.entries;
    assert.ok(data?.type === 'map' && kind !== undefined);
    const entries = data.entries.map(({ key, value }) => ({ key: watched(key, 'text', look), value }));
    const [, { key } = kind] = root.entries;
    const target: MapNode = { ...root, entries: [kind, { key, value: { ...data, entries } }] };
    const patch = parsed(`kind: A\ndata: {${each((i) => `n${i}: v`).join(', ')}, k1: w}\n`);
    const merged = strategicMerge(rootCursor(OBJECT, target), rootCursor(PATCH, patch), builtInSchema, []);
    const made = merged && child(merged, 'data');
    assert.ok(made?.type === 'map' && made.entries.length === 2 * COUNT);
    assert.ok(looks < 10 * COUNT, `${looks} for ${COUNT}`);
  });

  it('look at each object of one name a few times', () => {
    const resource = (i: number): Resource => {
      const root = parsed(`apiVersion: v1\nkind: Service\nmetadata: {name: same, namespace: n${i}}\n`);
      return {
        root: { ...root, origin: documentAnchor(OBJECT) },
        original: objectId(root),
        file: 'all.yaml',
        doc: OBJECT,
        generated: false,
        source: { file: 'all.yaml', generator: undefined },
        previous: [],
        prefixes: [],
        suffixes: [],
        variables: [],
        shares: false,
        behavior: undefined,
        hashed: false,
        folders: [],
        patches: [],
        removals: [],
      };
    };
    const objects = each((i) => {
      const text = `apiVersion: v1\nkind: Service\nmetadata: {name: same, namespace: n${i}, labels: {a: b}}\n`;
      return { root: { ...parsed(text), origin: documentAnchor(PATCH) }, doc: PATCH };
    });
    const list = each((i) => watched(resource(i), 'previous', look));
    const patched = applyObjects(list, { type: 'merge', objects }, builtInSchema);
    assert.ok(patched.every(({ patches }) => patches.length === 1));
    assert.ok(looks < 30 * COUNT, `${looks} for ${COUNT}`);
  });
});

describe('ports without a number', () => {
  const service = (ports: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec: {ports: [${ports}]}\n`;
  /** What kustomize v5.8.1 prints. */
  for (const [what, patch, expected] of [
    [
      'after one that is deleted keep that one',
      '{$patch: delete, name: w, port: 80, protocol: TCP}, {targetPort: 9, protocol: TCP}',
      ['w', 'p81'],
    ],
    ['change nothing', '{targetPort: 9, protocol: TCP}', ['p80', 'p81']],
  ] as const) {
    it(what, () => {
      const object = service('{name: p80, port: 80, protocol: TCP}, {name: p81, port: 81, protocol: TCP}');
      const merged = strategicMerge(
        rootCursor(OBJECT, parsed(object)),
        rootCursor(PATCH, parsed(service(patch))),
        builtInSchema,
        [],
      );
      const ports = items(get(merged && rootCursor(OBJECT, merged), 'spec', 'ports'));
      assert.deepEqual(
        ports.map((port) => textAt(port, 'name')),
        expected,
      );
      assert.ok(ports.every(({ node }) => child(node, 'targetPort') === undefined));
    });
  }
});
