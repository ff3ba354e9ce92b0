/**
 * Whatever is reported anywhere reads well: one or two sentences that name the object and the clusters, phrases beside them, titles of fixes.
 * `MESSAGES=1` prints each once for every rule, to be read aloud.
 */
import assert from 'node:assert/strict';
import { FINDING_RULES } from '../../server/src/engine/findings/own-rules.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { SKIP_REASONS } from '../../server/src/layout/skip-reasons.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import { engineOf, take } from './judge.ts';
import { faultsOfMessage, faultsOfPhrase, faultsOfText } from './prose.ts';
import { allWorlds, type NamedWorld } from './worlds.ts';

/** Rules about a file, which no cluster need have applied. */
const OF_FILES: ReadonlySet<string> = new Set(['istio-operator-api-group-invalid']);

/** Fields of the mesh configuration that messages begin with. */
const FIELDS = ['meshNetworks'];

interface Told extends Pick<PlacedFinding, 'message' | 'object' | 'related'> {
  readonly rule: { readonly id: string };
  readonly clusters: readonly string[];
  readonly titles: readonly string[];
}

function faultsOf({ rule, message, object, clusters, related, titles }: Told): readonly string[] {
  const names = new Set([...clusters, ...FIELDS]);
  const faults: string[] = [];
  const add = (text: string, found: readonly string[]) => faults.push(...found.map((fault) => `${fault}: ${text}`));
  for (const text of [message, ...related.flatMap(({ mirror = [] }) => mirror)]) {
    add(text, faultsOfMessage(text, names));
    if (object !== undefined && !text.includes(object.name)) add(text, ['the object is not named']);
    if (clusters.length > 0 && !OF_FILES.has(rule.id) && !clusters.some((name) => namesCluster(text, name)))
      add(text, ['no cluster is named']);
  }
  for (const { message: text } of related) add(text, faultsOfPhrase(text, /^[\w]/));
  for (const title of titles) add(title, faultsOfPhrase(title, /^[A-Z]/));
  return faults;
}

/** True if the name stands there as a word. */
function namesCluster(text: string, name: string): boolean {
  return ` ${text} `.split(name).some((before, i, parts) => {
    const after = parts[i + 1];
    return after !== undefined && /[\s(]$/.test(before) && /^(?:[\s,.;:)']|$)/.test(after);
  });
}

function told(finding: PlacedFinding, { clusterName }: Snapshot): Told {
  return {
    rule: finding.rule,
    message: finding.message,
    object: finding.object,
    related: finding.related,
    clusters: finding.clusters.map(clusterName),
    titles: finding.fixes().map(({ title }) => title),
  };
}

function judge({ files, version }: NamedWorld): Snapshot {
  const engine = engineOf(files, version);
  take(engine, []);
  return engine.snapshot;
}

describe('messages', () => {
  const distinct = new Map<string, Set<string>>();
  /** One example for each rule and kind. */
  const faults = new Map<string, string>();
  const whys = new Set<string>();

  before(() => {
    for (const world of allWorlds()) {
      const snapshot = judge(world);
      for (const finding of snapshot.findings) {
        const one = told(finding, snapshot);
        for (const fault of faultsOf(one)) {
          const kind = `${one.rule.id}: ${fault.slice(0, fault.indexOf(':'))}`;
          if (!faults.has(kind)) faults.set(kind, `${one.rule.id}: ${fault} (${world.name})`);
        }
        const texts = distinct.get(one.rule.id) ?? new Set();
        distinct.set(one.rule.id, texts);
        for (const text of [one.message, ...one.titles.map((title) => `  fix: ${title}`)]) texts.add(text);
        for (const { message } of one.related) texts.add(`  beside: ${message}`);
      }
      for (const { evidence } of snapshot.layout.clusters.values()) for (const { why } of evidence) whys.add(why);
    }
  });

  it('read well, name the object and the clusters', () => assert.deepEqual([...faults.values()], []));

  it('are judged for every rule', () => {
    const silent = RULES.filter(({ id, offByDefault }) => !offByDefault && !distinct.has(id)).map(({ id }) => id);
    assert.deepEqual(silent, []);
  });

  it('of evidence, and of what is not read, are phrases', () => {
    const bad = [...whys, ...Object.values(SKIP_REASONS)].flatMap((text) =>
      faultsOfPhrase(text, /^[\w.'-]/).map((fault) => `${fault}: ${text}`),
    );
    assert.deepEqual(bad, []);
  });

  it('of the pages of rules have none of these faults either', () => {
    const bad = FINDING_RULES.flatMap(({ id, summary, why, otherwise, howToFix, whenToSilence }) =>
      [summary, why, ...Object.values(otherwise ?? {}), howToFix, whenToSilence].flatMap((text) =>
        faultsOfText(
          text
            .replaceAll('\n', ' ')
            .replaceAll(/ {2,}/g, ' ')
            .replaceAll(/`[^`]*`/g, '`x`'),
        ).map((fault) => `${id}: ${fault}: ${text}`),
      ),
    );
    assert.deepEqual(bad, []);
  });

  after(() => {
    const count = [...distinct.values()].reduce((sum, texts) => sum + texts.size, 0);
    console.log(`      ${count} distinct texts of ${distinct.size} rules`);
    if (process.env.MESSAGES === undefined) return;
    for (const [rule, texts] of distinct) console.log([`## ${rule}`, ...texts].join('\n'));
  });
});

describe('the judgement of messages', () => {
  const names = new Set(['east', 'meshNetworks']);
  const GOOD = [
    'Service shop/cart is global in east.',
    'east has network network2. It must be network3 (now: a, b, ...).',
    'meshNetworks of east lists network2; nothing reads it.',
    'The label is not a string (it is a number). The API server refuses cluster.local.',
  ];
  const BAD: readonly (readonly [string, string])[] = [
    ['Service shop/cart is global in east', 'no period at the end'],
    ['Service shop/cart is global in east..', 'no period at the end'],
    ['service shop/cart is global in east.', 'a small letter at the start'],
    ['It is so. It is not so. It is over.', 'more than two sentences'],
    ['Is it so? It is. It is.', 'more than two sentences'],
    ['Service shop/undefined is global.', 'a value that was not meant to be shown'],
    ['Service [object Object] is global.', 'a value that was not meant to be shown'],
    ['Service has port NaN.', 'a value that was not meant to be shown'],
    ['The entry for global in in the list.', 'a doubled word'],
    ['Service  shop/cart is global.', 'stray white space'],
    ["Use waypoint '' in west.", 'an empty name'],
    ['The clusters see west on network "".', 'an empty name'],
    ['Nothing serves it; did you mean istio?', 'a question'],
    ['Nothing serves a, b, c, d, e, f, g and h.', 'too long a list'],
    ['Clusters , east and west.', 'misplaced punctuation'],
    ['It is an ztunnel.', 'a wrong article'],
    ['It is a entry.', 'a wrong article'],
    ['It is in 1 clusters.', 'a wrong plural'],
    ['It is so, and global it cannot be.', 'a stilted form'],
    ['The label is no text (number).', 'a stilted form'],
  ];

  it('finds no fault with good ones', () => {
    assert.deepEqual(
      GOOD.flatMap((text) => faultsOfMessage(text, names)),
      [],
    );
  });

  for (const [text, fault] of BAD)
    it(`finds ${fault} in “${text}”`, () => assert.ok(faultsOfMessage(text, names).includes(fault)));

  it('finds what is wrong with titles and phrases', () => {
    assert.deepEqual(faultsOfPhrase('Set it in west', /^[A-Z]/), []);
    assert.deepEqual(faultsOfPhrase('set it', /^[A-Z]/), ['another beginning']);
    assert.deepEqual(faultsOfPhrase('Set it.', /^[A-Z]/), ['punctuation at the end']);
    assert.deepEqual(faultsOfPhrase('', /^/), ['nothing']);
  });

  it('finds findings that do not say what they are about', () => {
    const one: Told = {
      rule: { id: 'a-rule' },
      message: 'Service shop/cart is local in west.',
      object: { kind: 'Service', namespace: 'shop', name: 'cart' },
      clusters: ['west'],
      related: [],
      titles: [],
    };
    assert.deepEqual(faultsOf(one), []);
    assert.deepEqual(faultsOf({ ...one, clusters: ['northwest', 'we'] }), [`no cluster is named: ${one.message}`]);
    assert.deepEqual(faultsOf({ ...one, object: { kind: 'Service', namespace: 'shop', name: 'orders' } }), [
      `the object is not named: ${one.message}`,
    ]);
    assert.deepEqual(faultsOf({ ...one, titles: ['make it global'] }), ['another beginning: make it global']);
  });
});
