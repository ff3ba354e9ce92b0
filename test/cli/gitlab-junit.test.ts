/** `check --format gitlab` and `--format junit`: what GitLab, Jenkins and others read. */
import assert from 'node:assert/strict';
import { FINDING_IDS } from '../../server/src/engine/findings/own-rules.ts';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import type { CodeQualityIssue } from '../../server/src/report/gitlab.ts';
import { CORRECT, DRIFTED } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

describe('cli: check --format gitlab', () => {
  const line = new CommandLine();
  after(() => line.dispose());

  async function gitlab(...argv: readonly string[]): Promise<readonly CodeQualityIssue[]> {
    return JSON.parse((await line.run('check', '--format', 'gitlab', ...argv)).out);
  }

  it('is a Code Quality report', async () => {
    line.write(DRIFTED);
    const { findings } = JSON.parse((await line.run('--format', 'json')).out) as CheckJson;
    assert.deepEqual(await gitlab(), [
      {
        description: findings[0]?.message,
        check_name: 'waypoint-not-uniform',
        fingerprint: findings[0]?.id,
        severity: 'critical',
        location: { path: 'clusters/west/sample.yaml', lines: { begin: 31, end: 31 } },
      },
    ]);
    assert.equal((await gitlab('clusters'))[0]?.location.path, 'clusters/west/sample.yaml', 'relative to the project');
  });

  it('has a word of GitLab for every severity, and a fingerprint for each finding', async () => {
    const comment = '# ambient-multicluster-ignore shared-network: x\n';
    line.write({
      ...DRIFTED,
      'clusters/east/idle.yaml': `${comment}apiVersion: v1\nkind: Secret\n---\n${comment}kind: Secret\n`,
    });
    const seen = new Set<string>();
    for (const severity of ['error', 'warning', 'info', 'hint']) {
      line.write({ '.ambient-multicluster.yaml': `rules:\n  waypoint-not-uniform: ${severity}\n` });
      const issues = await gitlab('--min-severity', 'hint');
      for (const issue of issues) if (issue.check_name === 'waypoint-not-uniform') seen.add(issue.severity);
      assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
      assert.equal(issues.filter(({ check_name }) => check_name === 'unused-suppression').length, 2);
    }
    assert.deepEqual([...seen], ['critical', 'major', 'minor', 'info']);
  });

  it('is an empty list when there is nothing', async () => {
    const clean = new CommandLine();
    clean.write(CORRECT);
    assert.equal((await clean.run('--format', 'gitlab')).out, '[]\n');
    clean.dispose();
  });
});

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What junit-10.xsd of Jenkins' xUnit plugin lets each element of ours hold: the elements, and the attributes it must and may have. */
const SCHEMA: Readonly<Record<string, { in: readonly string[]; must: readonly string[]; may: readonly string[] }>> = {
  testsuites: { in: [''], must: [], may: ['name', 'time', 'tests', 'failures', 'errors'] },
  testsuite: {
    in: ['testsuites'],
    must: ['name', 'tests', 'failures', 'errors'],
    may: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
  },
  testcase: { in: ['testsuite'], must: ['name'], may: ['time', 'classname', 'group'] },
  failure: { in: ['testcase'], must: [], may: ['type', 'message'] },
};

function holdAgainstSchema({ name, attributes }: Tag, parent: string): void {
  const { in: parents, must, may } = SCHEMA[name] ?? assert.fail(`no element ${name}`);
  assert.ok(parents.includes(parent), `${name} in ${parent}`);
  for (const key of must) assert.ok(key in attributes, `${name} without ${key}`);
  for (const key of Object.keys(attributes)) assert.ok([...must, ...may].includes(key), `${key} of ${name}`);
}

/** The tags of a well-formed XML document that the schema takes; fails if it is none, or holds what XML 1.0 cannot. */
function tagsOf(xml: string): readonly Tag[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 cannot hold them, not even escaped
  assert.ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(xml));
  assert.ok(!/&(?!(?:amp|lt|gt|quot|apos);)/.test(xml), 'only entities that XML has');
  const tags: Tag[] = [];
  const open: string[] = [];
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [, close = '', name = '', attributes = '', empty = ''] of body.matchAll(
    /<(\/?)(\w+)((?: \w+="[^"<]*")*)(\/?)>/g,
  )) {
    if (close !== '') assert.equal(open.pop(), name);
    else {
      const values = [...attributes.matchAll(/ (\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]);
      const tag = { name, attributes: Object.fromEntries(values) };
      holdAgainstSchema(tag, open.at(-1) ?? '');
      tags.push(tag);
      if (empty === '') open.push(name);
    }
  }
  assert.deepEqual(open, [], 'every element is closed');
  assert.ok(!body.replace(/<\/?\w+(?: \w+="[^"<]*")*\/?>/g, '').includes('<'), 'nothing else opens an element');
  return tags;
}

describe('cli: check --format junit', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  async function junit(...argv: readonly string[]): Promise<readonly Tag[]> {
    return tagsOf((await line.run('check', '--format', 'junit', ...argv)).out);
  }

  it('has a suite for every rule: a test passes for a rule that finds nothing', async () => {
    line.write(CORRECT);
    const tags = await junit();
    const suites = tags.filter(({ name }) => name === 'testsuite');
    assert.deepEqual(
      suites.map(({ attributes }) => attributes.name),
      [...FINDING_IDS].sort(),
    );
    assert.ok(suites.every(({ attributes }) => attributes.tests === '1' && attributes.failures === '0'));
    const chosen = await junit('--only', 'shared-network,scope-not-uniform');
    assert.equal(chosen.filter(({ name }) => name === 'testcase').length, 2);
  });

  it('has a failed test for every finding', async () => {
    line.write(DRIFTED);
    const { out } = await line.run('--format', 'junit');
    const tags = tagsOf(out);
    assert.deepEqual([tags[0]?.name, tags[0]?.attributes.failures], ['testsuites', '1']);
    const failed = tags[tags.findIndex(({ name }) => name === 'failure') - 1];
    assert.equal(failed?.attributes.classname, 'waypoint-not-uniform');
    assert.match(failed?.attributes.name ?? '', /^Service sample\/helloworld \([0-9a-z]{16}\)$/);
    assert.match(out, /<failure type="error" message="Service [^"]*">clusters\/west\/sample\.yaml:31:28: Service /);
    assert.match(out, /\nclusters\/east\/sample\.yaml:\d+:\d+: [^<]*<\/failure>/);
  });

  it('is XML whatever the manifests hold', async () => {
    const { 'clusters/west/sample.yaml': sample = '', ...others } = DRIFTED;
    const waypoint = String.raw`"w<]]>&\u0007\ud800\"'x"`;
    line.write({ ...others, 'clusters/west/<&">\'\u0001.yaml': sample.replaceAll(' wp', ` ${waypoint}`) });
    const tags = await junit();
    assert.ok(tags.some(({ name }) => name === 'failure'));
  });
});
