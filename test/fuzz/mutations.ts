/** Changes to a file of the kinds that people, tools and attackers make: to its structure, to its lines, and to its bytes. */
import { isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair, parseAllDocuments, visit } from 'yaml';
import type { Random } from './random.ts';

/** Values of every type, and what templates, other tools and attackers leave in the place of one. */
const VALUES: readonly unknown[] = [
  null,
  '',
  true,
  0,
  -1,
  65_536,
  1e308,
  Number.NaN,
  'true',
  '0x1f',
  '012',
  '1_000',
  '2001-01-01',
  '~',
  'no',
  '<network>',
  'CLUSTER_NAME',
  '$'.concat('{NETWORK:=network1}'),
  '{{ .Values.network }}',
  '{{name}}',
  'ENC[AES256_GCM,data:x,type:str]',
  '*',
  '../../../etc/passwd',
  'https://example.com/base?ref=v1',
  'a/b/c/d',
  '名前',
  '\u0000',
  '\ud83d',
  '\u202e',
  'x'.repeat(10_000),
  '(a+)+$',
  [],
  {},
  [null],
  [[]],
  [{}],
  { '': '' },
  { __proto__: null, constructor: { prototype: {} } },
  JSON.parse('{"__proto__":{"polluted":true},"toString":1,"hasOwnProperty":2}'),
  Array.from({ length: 50 }, (_, i) => i),
];

/** Keys that decide about a mesh, a build or a deployment, and those that JavaScript has of its own. */
const KEYS = (
  '__proto__ constructor toString length << apiVersion kind metadata name namespace labels annotations spec status values global network ' +
  'meshID multiCluster clusterName profile meshConfig serviceScopeConfigs gateways listeners selector matchLabels matchExpressions rules ' +
  'from to when targetRefs ports hosts resources bases components patches patchesStrategicMerge replacements vars configMapGenerator ' +
  'generators template destination source sources path postBuild substitute valuesFrom items data stringData $patch $setElementOrder/ports'
).split(' ');

/** What a line may be replaced by, or preceded by. */
const LINES = [
  '---',
  '...',
  '%YAML 1.2',
  '{{- if .Values.x }}',
  '{% raw %}',
  '- ',
  '  - - -',
  '? key',
  '  : value',
  'a: [',
  '  b: {c: ',
  'x: &x [*x, *x]',
  '<<: *x',
  'text: |',
  'text: >-',
  '  "unclosed',
  '\tkey: value',
  '# ambient-multicluster-ignore-file',
  '# ambient-multicluster-ignore waypoint-not-uniform: fuzz',
  'kind: Service',
  'kind: List',
  'kind: Kustomization',
  'kind: ApplicationSet',
  'metadata:',
  '  namespace: istio-system',
  '!!binary "AAAA"',
  '!custom x',
];

/** What a mutation makes of a text; `others` are texts that it may take parts from. */
export type Mutation = (text: string, random: Random, others: readonly string[]) => string;

type Structure = (node: Node, random: Random, other: Node | undefined) => void;

/** All nodes of some documents, the outer ones first. */
function nodesOf(documents: ReturnType<typeof parseAllDocuments>): Node[] {
  const nodes: Node[] = [];
  for (const document of documents) {
    visit(document as never, {
      Collection: (_, node) => void nodes.push(node),
      Scalar: (key, node) => void (key === 'key' || nodes.push(node)),
    });
  }
  return nodes;
}

function randomNode(text: string, random: Random): Node | undefined {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  const nodes = Array.isArray(documents) ? nodesOf(documents) : [];
  return nodes.length === 0 ? undefined : random.of(nodes);
}

const pairsOf = (node: Node): Pair[] => (isMap(node) ? node.items : []);

const STRUCTURES: readonly Structure[] = [
  // another value in the place of one
  (node, random) => {
    if (isScalar(node)) node.value = random.of(VALUES);
    else if (isCollection(node) && node.items.length > 0) {
      const item = random.of<unknown>(node.items);
      if (isPair(item)) item.value = random.of(VALUES);
      else node.items[random.below(node.items.length)] = random.of(VALUES) as never;
    }
  },
  // one thing less
  (node, random) => {
    if (isCollection(node)) node.items.splice(random.below(node.items.length + 1), 1);
  },
  // one thing twice
  (node, random) => {
    if (isSeq(node) && node.items.length > 0) node.items.push(random.of(node.items));
    else if (isMap(node) && node.items.length > 0) {
      const pair = random.of(node.items);
      node.items.push({ ...pair, key: random.of(KEYS) } as Pair as never);
    }
  },
  // another key
  (node, random) => {
    const pairs = pairsOf(node);
    if (pairs.length > 0) random.of(pairs).key = random.of(KEYS);
  },
  // a part of another file
  (node, random, other) => {
    const pairs = pairsOf(node);
    if (other !== undefined && pairs.length > 0) random.of(pairs).value = other;
    else if (other !== undefined && isSeq(node)) node.items.push(other);
  },
  // in another order
  (node) => {
    if (isCollection(node)) node.items.reverse();
  },
];

const structural: Mutation = (text, random, others) => {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents)) return text;
  const nodes = nodesOf(documents);
  if (nodes.length === 0) return text;
  const other = random.once(4) ? randomNode(random.of(others), random) : undefined;
  random.of(STRUCTURES)(random.of(nodes), random, other);
  try {
    return documents.map(String).join(random.once(8) ? '\n---\n---\n' : '---\n');
  } catch {
    return text; // the package cannot write what came of it
  }
};

const ofLines: Mutation = (text, random, others) => {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const foreign = random.of(random.of(others).split('\n'));
  const replacement = random.of([
    [],
    [line, line],
    [` ${line}`],
    [line.replace(/^ {1,2}/, '')],
    [random.of(LINES), line],
    [random.of(LINES)],
    [foreign],
    [foreign, line],
    [line.replace(/:.*/, ': ')],
    [line.replace(/: */, ': &anchor ')],
    [line.slice(0, random.below(line.length + 1))],
    [`${line}\r`],
    [line.replaceAll('  ', '\t')],
  ]);
  lines.splice(at, 1, ...replacement);
  return lines.join('\n');
};

const ofCharacters: Mutation = (text, random) => {
  const at = random.below(text.length + 1);
  return random.of([
    text.slice(0, at),
    text.slice(at),
    text.slice(0, at) +
      random.of(['\u0000', '\ufeff', '\u2028', '😀', '{', '}', '"', "'", '|', '&', '*', '!', '#', ':', '\n']) +
      text.slice(at),
    text.replaceAll('\n', '\r\n'),
    text.replaceAll('\n', '\r'),
    `\ufeff${text}`,
    text + text,
    `${text}\n---\n${text}`,
    text.replaceAll('"', "'"),
  ]);
};

/** Characters of which expressions take runs. */
const RUN_CHARACTERS = [...' \t/\\#-_.:,;*?|&!@$%(){}[]<>=0a"\'`~^+', '$(', '$'.concat('{'), '{{', 'a:', '- ', 'é'];

/** A long run of one thing in a value, a comment or a path, and something after it that ends no run. */
const ofRuns: Mutation = (text, random) => {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const run = random.of(RUN_CHARACTERS).repeat(20_000);
  const end = random.of(['', 'x', '1', ' ', '\u2028']);
  const value = /^(\s*(?:- )?[\w./-]+: *)(\S.*)$/.exec(line);
  lines[at] =
    value === null || random.once(4)
      ? `${line} # ${run}${end}`
      : `${value[1]}${random.of([`'${run.replaceAll("'", "''")}${end}'`, `${value[2]}${run}${end}`, `${run}${end}`])}`;
  return lines.join('\n');
};

/** All kinds of change to a text, the likelier ones oftener. */
export const MUTATIONS: readonly Mutation[] = [
  structural,
  structural,
  structural,
  ofLines,
  ofLines,
  ofCharacters,
  ofRuns,
];

/** The bytes of a text after a change that knows nothing of characters. */
export function ofBytes(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length + 1);
  const some = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
  return random.of([
    () => Buffer.concat([bytes.subarray(0, at), some, bytes.subarray(at)]),
    () => Buffer.concat([bytes.subarray(0, at), some, bytes.subarray(at + some.length)]),
    () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64))]),
    () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    () => Buffer.concat([Buffer.from([0xfe, 0xff]), some, bytes]),
    () => some,
  ])();
}
