/** `check --format sarif`, held against the standard's own schema. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Engine } from '../../server/src/engine/engine.ts';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import { projectPath } from '../../server/src/report/project-path.ts';
import { type SarifLog, sarifLog } from '../../server/src/report/sarif/log.ts';
import type { SarifResult } from '../../server/src/report/sarif/result.ts';
import { chooseFindings } from '../../server/src/report/world.ts';
import { sarifCheck } from '../report/json-schema.ts';
import { CORRECT, clusterFiles, DRIFTED } from '../report/two-clusters.ts';
import { FIXTURES, workspace } from '../rules/workspace.ts';
import { CommandLine } from './command-line.ts';

const errorsOf = sarifCheck();

describe('cli: check --format sarif', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  async function sarif(...argv: readonly string[]): Promise<SarifLog['runs'][0]> {
    const { out } = await line.run('check', '--format', 'sarif', ...argv);
    const log = JSON.parse(out) as SarifLog;
    assert.deepEqual(errorsOf(log), []);
    return log.runs[0];
  }

  async function result(...argv: readonly string[]): Promise<SarifResult> {
    const { results } = await sarif(...argv);
    assert.equal(results.length, 1);
    return results[0] as SarifResult;
  }

  it('is held against a schema that refuses something', () => {
    assert.notDeepEqual(errorsOf({ version: '2.1.0', runs: [{}] }), []);
  });

  it('is valid for every example, and has what json has', async () => {
    for (const { name } of readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      const { results } = await sarif('--min-severity', 'hint', resolve('examples', name));
      const { out } = await line.run('check', '--format', 'json', resolve('examples', name));
      const { findings } = JSON.parse(out) as CheckJson;
      assert.deepEqual(
        results.map(({ ruleId, partialFingerprints }) => [ruleId, partialFingerprints['findingId/v1']]),
        findings.map(({ rule, id }) => [rule, id]),
      );
    }
  });

  it('is valid for every fixture, fixes included', () => {
    let fixes = 0;
    for (const [rule, tests] of FIXTURES) {
      for (const test of tests) {
        const engine = new Engine({ configFile: '.ambient-multicluster.yaml' });
        const snapshot = engine.apply([...workspace(test).files].map(([file, text]) => ({ file, text })));
        const world = chooseFindings(snapshot, { only: [], skip: [] });
        const log = sarifLog(world, { least: 'hint', path: projectPath(''), suppressed: true });
        assert.deepEqual(errorsOf(JSON.parse(JSON.stringify(log))), [], `${rule}: ${test.title}`);
        fixes += log.runs[0].results.flatMap((one) => one.fixes ?? []).length;
      }
    }
    assert.ok(fixes > 30, `${fixes} fixes`);
  });

  it('names the tool and the rules that have results, with their help', async () => {
    line.write(DRIFTED);
    const { tool, results, columnKind } = await sarif();
    assert.equal(tool.driver.name, 'ambient-multicluster');
    assert.equal(columnKind, 'utf16CodeUnits');
    const [rule, ...others] = tool.driver.rules;
    assert.deepEqual([rule?.id, others], ['waypoint-not-uniform', []]);
    assert.equal(results[0]?.ruleIndex, 0);
    assert.match(rule?.helpUri ?? '', /^https:\/\/istio\.io\//);
    assert.match(rule?.help.markdown ?? '', /^## How to fix it$/m);
    assert.ok(!/`|\*\*|^#/m.test(rule?.help.text ?? '`'));
    assert.deepEqual(rule?.defaultConfiguration, { level: 'error', rank: 90 });
    assert.ok(rule?.properties.tags.includes('limitation-3'));
  });

  it('has the place with columns, the object, and the other places as links', async () => {
    line.write(DRIFTED);
    const { level, message, locations, relatedLocations } = await result();
    const [{ physicalLocation, logicalLocations }] = locations;
    assert.equal(level, 'error');
    assert.deepEqual(physicalLocation.artifactLocation, {
      uri: 'clusters/west/sample.yaml',
      uriBaseId: '%SRCROOT%',
    });
    const text = line.read('clusters/west/sample.yaml').split('\n')[physicalLocation.region.startLine - 1] ?? '';
    const { startColumn, endColumn } = physicalLocation.region;
    assert.equal(text.slice(startColumn - 1, endColumn - 1), 'wp');
    assert.deepEqual(logicalLocations, [
      { name: 'helloworld', fullyQualifiedName: 'Service sample/helloworld', kind: 'resource' },
    ]);
    assert.equal(relatedLocations?.[0]?.physicalLocation.artifactLocation.uri, 'clusters/east/sample.yaml');
    assert.match(message.text, /^Service sample\/helloworld [^\n]*\nSee: \[[^\]]+\]\(1\)/);
  });

  it('has fixes as replacements that do what --fix does', async () => {
    line.write({ ...DRIFTED, ...clusterFiles('north', 'network3') });
    const { fixes } = await result('--only', 'waypoint-not-uniform');
    const preferred = fixes?.find(({ properties }) => properties.preferred);
    const [change] = preferred?.artifactChanges ?? [];
    assert.equal(change?.artifactLocation.uri, 'clusters/west/sample.yaml');
    const lines = line.read('clusters/west/sample.yaml').split('\n');
    for (const { deletedRegion: region, insertedContent } of change?.replacements ?? []) {
      assert.equal(region.startLine, region.endLine);
      const text = lines[region.startLine - 1] ?? '';
      lines[region.startLine - 1] =
        text.slice(0, region.startColumn - 1) + (insertedContent?.text ?? '') + text.slice(region.endColumn - 1);
    }
    await line.run('--fix', '--unsafe-fixes', '--only', 'waypoint-not-uniform');
    assert.equal(lines.join('\n'), line.read('clusters/west/sample.yaml'));
  });

  it('has a level and a rank for every severity', async () => {
    line.write(DRIFTED);
    const graded: unknown[] = [];
    for (const severity of ['error', 'warning', 'info', 'hint']) {
      line.write({ '.ambient-multicluster.yaml': `rules:\n  waypoint-not-uniform: ${severity}\n` });
      const { level, rank } = await result('--min-severity', 'hint');
      graded.push([level, rank]);
    }
    assert.deepEqual(graded, [
      ['error', 90],
      ['warning', 60],
      ['note', 30],
      ['note', 10],
    ]);
    assert.deepEqual((await sarif()).results, [], 'a hint is shown only when it is asked for');
  });

  it('has suppressed findings only when it is told to, since GitHub takes them for open ones', async () => {
    line.write(DRIFTED);
    const label = '    istio.io/use-waypoint: wp';
    const silenced = line
      .read('clusters/west/sample.yaml')
      .replace(label, `    # ambient-multicluster-ignore waypoint-not-uniform: in May\n${label}`);
    line.write({ 'clusters/west/sample.yaml': silenced });
    assert.deepEqual((await sarif()).results, []);
    const shown = await result('--show-suppressed');
    const [suppression] = shown.suppressions ?? [];
    assert.deepEqual([suppression?.kind, suppression?.justification], ['inSource', 'in May']);
    const { artifactLocation, region } = suppression?.location?.physicalLocation ?? {};
    assert.equal(artifactLocation?.uri, 'clusters/west/sample.yaml');
    assert.equal(
      silenced.split('\n')[(region?.startLine ?? 0) - 1]?.slice(region?.startColumn),
      ' ambient-multicluster-ignore waypoint-not-uniform: in May',
    );

    line.write(DRIFTED);
    assert.deepEqual((await result('--show-suppressed')).suppressions, []);
    await line.run('--write-baseline', 'known.json');
    const known = await result('--show-suppressed', '--baseline', 'known.json');
    assert.deepEqual(known.suppressions, [{ kind: 'external', status: 'accepted', justification: 'in the baseline' }]);
  });

  it('encodes paths, and names them from the project wherever the root of the world is', async () => {
    const odd = 'clusters/west/a b #1?(ä).yaml';
    const { 'clusters/west/sample.yaml': sample = '', ...others } = DRIFTED;
    line.write({ ...others, [odd]: sample });
    const uri = async (...argv: readonly string[]) =>
      (await result(...argv)).locations[0].physicalLocation.artifactLocation.uri;
    const encoded = 'clusters/west/a%20b%20%231%3F%28%C3%A4%29.yaml';
    assert.equal(await uri(), encoded);
    assert.equal(await uri('clusters'), encoded);
    assert.equal(await uri(join(line.folder, 'clusters')), encoded);
    line.env = { GITHUB_WORKSPACE: join(line.folder, '..') };
    assert.match(await uri(), /^command-line-\w+\/clusters\/west\//);
  });

  it('says so when there is nothing', async () => {
    line.write(CORRECT);
    const { results, tool } = await sarif();
    assert.deepEqual([results, tool.driver.rules], [[], []]);
  });
});
