/** A bug ends what fails and nothing else: the engine tells of it, and goes on with the rest. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { readFile } from '../../server/src/engine/file-facts.ts';
import { labelValueIneffective } from '../../server/src/rules/label-value-ineffective.ts';
import { multiNetworkFlagMissing } from '../../server/src/rules/multi-network-flag-missing.ts';
import type { Fix, Rule } from '../../server/src/rules/rule.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import type { Node } from '../../server/src/yaml/node.ts';

const bug = (): never => {
  throw new TypeError('a bug');
};

const SERVICE = (name: string): string => `kind: Service\napiVersion: v1\nmetadata: {name: ${name}, namespace: shop}\n`;

/** Its documents that hold a word cannot be looked at. */
class FaultyTable extends DocumentTable {
  override parsed(...[id]: Parameters<DocumentTable['parsed']>): ReturnType<DocumentTable['parsed']> {
    const parsed = super.parsed(id);
    if (this.document(id)?.text.includes('faulty') !== true || parsed?.root === undefined) return parsed;
    const root = Object.defineProperty({ ...parsed.root }, 'entries', { get: bug }) as Node;
    return { ...parsed, root };
  }
}

describe('a bug', () => {
  it('in the reading of a document leaves its file unknown, in part', () => {
    const told: string[] = [];
    const text = `${SERVICE('sound')}---\n${SERVICE('faulty')}`;
    const { facts, signs } = readFile(new FaultyTable(), { file: 'a.yaml', text }, undefined, false, (what) =>
      told.push(what),
    );
    assert.deepEqual(told, ['reading a.yaml']);
    assert.equal(facts.skipped, 'failed');
    assert.deepEqual(
      facts.documents.flatMap(({ objects }) => objects.map(({ name }) => name?.value)),
      ['sound'],
    );
    assert.ok(signs.length > 0, 'what it may hold is not missing');
  });

  const CLUSTER = (name: string): string =>
    `global: {meshID: m, network: net-${name}, multiCluster: {clusterName: ${name}}}\nprofile: ambient\nrevision: ""\n`;
  const FILES: Readonly<Record<string, string>> = {
    'clusters/east/istiod-values.yaml': CLUSTER('east'),
    'clusters/west/istiod-values.yaml': CLUSTER('west'),
    'clusters/east/shop.yaml': SERVICE('cart'),
  };

  it('in a rule, or in one fix of many, leaves the other rules and fixes', () => {
    const told: string[] = [];
    const rules: readonly Rule[] = [
      { ...labelValueIneffective, check: bug },
      {
        ...multiNetworkFlagMissing,
        *check(mesh, subject) {
          for (const finding of multiNetworkFlagMissing.check(mesh, subject))
            yield {
              ...finding,
              fixes: () => (finding.fixes?.() ?? []).flatMap((fix): readonly Fix[] => [{ ...fix, edits: bug }, fix]),
            };
        },
      } satisfies typeof multiNetworkFlagMissing,
    ];
    const engine = new Engine({ rules, onFailure: (what) => told.push(what) });
    const { findings } = engine.apply(Object.entries(FILES).map(([file, text]) => ({ file, text })));
    assert.deepEqual(
      findings.map(({ rule }) => rule.id),
      ['multi-network-flag-missing', 'multi-network-flag-missing'],
    );
    assert.deepEqual(
      findings[0]?.fixes().map((fix) => fix.edits().length > 0),
      [false, true],
    );
    assert.deepEqual([...new Set(told)], ['rule label-value-ineffective', 'a fix of multi-network-flag-missing']);
  });

  it('ends all where nobody is told of it', () => {
    const engine = new Engine({ rules: [{ ...multiNetworkFlagMissing, check: bug }] });
    assert.throws(() => engine.apply(Object.entries(FILES).map(([file, text]) => ({ file, text }))), /a bug/);
  });
});
