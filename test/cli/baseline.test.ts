/** `--baseline` and `--write-baseline`: what is known is not reported, whatever else changes. */
import assert from 'node:assert/strict';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import { CORRECT, clusterFiles, DRIFTED } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

const SAMPLE = 'clusters/west/sample.yaml';

describe('cli: baselines', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  /** The findings that are left, and those that the baseline takes away. */
  async function judged(...argv: readonly string[]): Promise<readonly [left: string[], known: string[]]> {
    const { out } = await line.run('check', '--format', 'json', '--baseline', 'known.json', ...argv);
    const { findings, suppressed } = JSON.parse(out) as CheckJson;
    return [findings.map(({ rule }) => rule), suppressed.filter(({ by }) => by === 'baseline').map(({ rule }) => rule)];
  }

  async function refused(baseline: string): Promise<string> {
    line.write({ 'known.json': baseline });
    const { status, out, err } = await line.run('--baseline', 'known.json');
    assert.deepEqual([status, out], [2, '']);
    return err.trimEnd();
  }

  it('hold every finding once, in an order that gives small diffs, with words for people', async () => {
    line.write(DRIFTED);
    const { status } = await line.run('--write-baseline', 'known.json');
    assert.equal(status, 0, 'what has just been written is known');
    const text = line.read('known.json');
    const { version, findings } = JSON.parse(text);
    assert.equal(version, 1);
    assert.deepEqual(Object.keys(findings[0]), ['id', 'rule', 'message']);
    await line.run('--write-baseline', 'known.json');
    assert.equal(line.read('known.json'), text);
    assert.deepEqual(await judged(), [[], ['waypoint-not-uniform']]);
  });

  it('survive moved lines, other line endings and renamed files', async () => {
    line.write(DRIFTED);
    await line.run('--write-baseline', 'known.json');
    const sample = line.read(SAMPLE);
    line.write({ [SAMPLE]: `# moved\n\n${sample}` });
    assert.deepEqual(await judged(), [[], ['waypoint-not-uniform']]);
    line.write({ [SAMPLE]: sample.replaceAll('\n', '\r\n') });
    assert.deepEqual(await judged(), [[], ['waypoint-not-uniform']]);
    line.write({ [SAMPLE]: '', 'clusters/west/apps/hello.yaml': sample });
    assert.deepEqual(await judged(), [[], ['waypoint-not-uniform']]);
  });

  it('survive a further cluster, whichever side is blamed then', async () => {
    line.write(DRIFTED);
    await line.run('--write-baseline', 'known.json');
    line.write(clusterFiles('north', 'network3'));
    assert.deepEqual(await judged(), [[], ['waypoint-not-uniform']]);
    line.write(clusterFiles('south', 'network4', 'wp'));
    line.write(clusterFiles('a-new-first', 'network5', 'wp'));
    assert.deepEqual(await judged(), [[], ['waypoint-not-uniform']]);
  });

  it('survive a further cluster where no manifest names the mesh', async () => {
    const unnamed = (files: Readonly<Record<string, string>>) =>
      Object.fromEntries(
        Object.entries(files).map(([file, text]) => [file, text.replace('      meshID: mesh1\n', '')]),
      );
    line.write(unnamed(DRIFTED));
    await line.run('--write-baseline', 'known.json');
    line.write(unnamed(clusterFiles('a-new-first', 'network3')));
    assert.deepEqual(await judged(), [[], ['waypoint-not-uniform']]);
  });

  it('do not hide what is new', async () => {
    line.write(DRIFTED);
    await line.run('--write-baseline', 'known.json');
    line.write(clusterFiles('west', 'network1', 'wp'));
    const [left] = await judged();
    assert.ok(left.includes('shared-network'));
    assert.equal((await line.run('--baseline', 'known.json', '--fail-on', 'warning')).status, 1);
  });

  it('are told of when they are written, and when entries match nothing any more', async () => {
    line.write(DRIFTED);
    assert.equal((await line.run('--write-baseline', 'known.json')).err, 'wrote known.json: 1 finding\n');
    assert.equal((await line.run('--write-baseline', 'known.json', '--quiet')).err, '');
    const idle = async (...argv: readonly string[]) => {
      const { status, out } = await line.run('--baseline', 'known.json', ...argv);
      assert.equal(status, 0);
      return / (\d+ entr\S+ of the baseline \S+ nothing) in these files /.exec(out)?.[1];
    };
    assert.equal(await idle(), undefined);
    line.write(CORRECT);
    assert.equal(await idle(), '1 entry of the baseline matches nothing');
    assert.equal(await idle('--skip', 'waypoint-not-uniform'), undefined, 'nobody has looked for it');
    assert.equal(await idle('--only', 'shared-network'), undefined);
    assert.equal(await idle('--format', 'json'), undefined);
    const { findings } = JSON.parse(line.read('known.json'));
    line.write({
      'known.json': JSON.stringify({ version: 1, findings: [...findings, { id: 'x', rule: findings[0].rule }] }),
    });
    assert.equal(await idle(), '2 entries of the baseline match nothing');
    const silenced = DRIFTED[SAMPLE]?.replace(
      'use-waypoint: wp',
      '$& # ambient-multicluster-ignore waypoint-not-uniform: x',
    );
    line.write({ ...DRIFTED, [SAMPLE]: silenced as string });
    assert.equal(await idle(), '1 entry of the baseline matches nothing', 'what a comment silences is there');
  });

  it('are refused with a reason if they are not there, no baselines, or damaged', async () => {
    line.write(DRIFTED);
    assert.equal(
      (await line.run('--baseline', 'none.json')).err,
      'ambient-multicluster: no such baseline: none.json\n',
    );
    assert.match(await refused('{"version": 1, "findings": ['), /known\.json is no baseline: it is no JSON/);
    for (const text of ['[]', 'null', '3', '{}', '{ "version": 1, "findings": {} }']) {
      assert.match(await refused(text), /known\.json is no baseline: it has no list of findings; --write-baseline /);
    }
    assert.match(await refused('{ "version": 2, "findings": [] }'), /has version 2, and this program reads 1/);
    for (const entry of ['null', '{}', '{ "id": 3 }', '"x"']) {
      assert.match(
        await refused(`{ "version": 1, "findings": [{ "id": "a" }, ${entry}] }`),
        /damaged: finding 2 has no id/,
      );
    }
    assert.match(await refused('\u0000\u0001'), /the baseline known\.json cannot be read: binary/);
  });

  it('are not written where there is no folder', async () => {
    line.write(DRIFTED);
    const { status, err } = await line.run('--write-baseline', 'no/such/known.json');
    assert.equal(status, 2);
    assert.match(err, /^ambient-multicluster: cannot write no\/such\/known\.json: [^\n]+\n$/);
  });
});
