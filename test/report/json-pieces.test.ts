/** JSON in pieces: it is what `JSON.stringify` writes, and no piece is long. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { meshFiles } from '../../scripts/bench/trees.mjs';
import { Engine } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { renderCheck } from '../../server/src/report/check-formats.ts';
import { checkJson } from '../../server/src/report/check-json.ts';
import { Fields, jsonPieces, PAUSE, Rows, wholeOf } from '../../server/src/report/json-pieces.ts';
import { unpainted } from '../../server/src/report/paint.ts';
import { sarifLog } from '../../server/src/report/sarif/log.ts';
import { topologyJson, topologyJsonText } from '../../server/src/report/topology-json.ts';
import { chooseFindings } from '../../server/src/report/world.ts';

/** Values of which some lists and maps are made while they are written. */
const { value } = fc.letrec<{ readonly value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 2 }),
    fc.array(fc.oneof(tie('value'), fc.constant(PAUSE)), { maxLength: 4 }).map((rows) => new Rows(rows)),
    fc
      .uniqueArray(
        fc.oneof(
          fc.tuple(
            fc.string().filter((name) => name !== '__proto__'),
            fc.option(tie('value'), { nil: undefined }),
          ),
          fc.constant(PAUSE),
        ),
        // A map has each name once, and numbers come first in one of JavaScript.
        { maxLength: 4, selector: (field) => (field === PAUSE ? {} : field[0]) },
      )
      .filter((fields) => !fields.some((field) => field !== PAUSE && /^\d+$/.test(field[0])))
      .map((fields) => new Fields(fields)),
  ),
}));

/** A mesh of two clusters in so many files. */
function snapshotOf(count: number): Snapshot {
  return new Engine().apply([...meshFiles(count, 2)].map(([file, text]) => ({ file, text })));
}

const STYLE = {
  least: 'hint',
  paint: unpainted,
  summary: true,
  elapsed: 0,
  path: (file: string) => file,
  rules: [],
  suppressed: true,
  jobSummary: false,
} as const;

describe('JSON in pieces', () => {
  it('is what is written at once', () => {
    fc.assert(
      fc.property(value, (some) => {
        assert.equal([...jsonPieces(some)].join(''), JSON.stringify(wholeOf(some), null, 2));
      }),
      { numRuns: 500 },
    );
  });

  it('makes the whole topology', () => {
    const snapshot = snapshotOf(60);
    const text = [...topologyJsonText(snapshot)].join('');
    assert.equal(text, `${JSON.stringify(topologyJson(snapshot), null, 2)}\n`);
    assert.ok(JSON.parse(text).services.length > 20);
  });

  it('makes no longer pieces of a larger mesh, but more of them', () => {
    const [small, large] = [50, 200].map((count) => [...topologyJsonText(snapshotOf(count))]);
    const longest = (pieces: readonly string[] = []): number => Math.max(...pieces.map(({ length }) => length));
    assert.ok(longest(large) < 1.5 * longest(small), `${longest(small)} and ${longest(large)} characters`);
    assert.ok((large?.length ?? 0) > 2 * (small?.length ?? 0), `${small?.length} and ${large?.length} pieces`);
  });

  it('makes all that programs are told of findings, in pieces no longer for more of them', () => {
    const pieces = (count: number, format: 'json' | 'sarif'): readonly string[] => [
      ...renderCheck(format, chooseFindings(snapshotOf(count), { only: [], skip: [] }), STYLE),
    ];
    const world = chooseFindings(snapshotOf(200), { only: [], skip: [] });
    assert.ok(world.findings.length > 10, `${world.findings.length} findings`);
    const wholes = { json: checkJson(world, 0), sarif: sarifLog(world, STYLE) } as const;
    for (const format of ['json', 'sarif'] as const) {
      assert.equal(pieces(200, format).join(''), `${JSON.stringify(wholes[format], null, 2)}\n`);
      const [small, large] = [100, 400].map((count) => Math.max(...pieces(count, format).map(({ length }) => length)));
      assert.ok((large ?? 0) < 1.5 * (small ?? 0), `${format}: ${small} and ${large} characters`);
    }
  });
});
