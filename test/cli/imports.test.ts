/** Imports on the command line: a report is saved in one repository and imported in another. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { clusterFiles } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

const REPORT = 'vendor/platform-mesh.json';

describe('cli: imports', () => {
  let line: CommandLine;
  let other: CommandLine;
  beforeEach(async () => {
    line = new CommandLine();
    other = new CommandLine();
    other.write(clusterFiles('west', 'network2', 'wp'));
    line.write({ ...clusterFiles('east', 'network1'), '.ambient-multicluster.yaml': `imports: [${REPORT}]\n` });
  });
  afterEach(() => {
    line.dispose();
    other.dispose();
  });

  for (const command of ['report', 'check']) {
    it(`takes what ${command} --format json prints`, async () => {
      line.write({ [REPORT]: (await other.run(command, '--format', 'json')).out });
      const { status, out } = await line.run('check');
      assert.equal(status, 1);
      assert.match(out, /^clusters\/east\/sample\.yaml:31:28: error: .* \[waypoint-not-uniform\]$/m);
      assert.match(
        out,
        /^ {4}vendor\/platform-mesh\.json:\d+:\d+: .* \(imported: clusters\/west\/sample\.yaml there\)$/m,
      );
      assert.match(out, /1 mesh, 2 clusters/);
    });
  }

  it('says in every view what is imported', async () => {
    line.write({ [REPORT]: (await other.run('report', '--format', 'json')).out });
    assert.match(
      (await line.run('clusters')).out,
      /west {2}imported from vendor\/platform-mesh\.json · network network2/,
    );
    assert.match(
      (await line.run('report')).out,
      /\| west \| network2 \|.*imported from \[vendor\/platform-mesh\.json\]/,
    );
    const { clusters } = JSON.parse((await line.run('report', '--format', 'json')).out);
    assert.deepEqual(
      clusters.map(({ name, imported, facts }: { name: string; imported?: string; facts?: object }) => [
        name,
        imported,
        facts !== undefined,
      ]),
      [
        ['east', undefined, true],
        ['west', REPORT, false],
      ],
    );
  });

  it('changes nothing in a report', async () => {
    line.write({ [REPORT]: (await other.run('report', '--format', 'json')).out });
    const before = line.read(REPORT);
    await line.run('check', '--fix', '--unsafe-fixes');
    assert.equal(line.read(REPORT), before);
    assert.match(line.read('clusters/east/sample.yaml'), /use-waypoint: wp/);
    assert.equal((await line.run('check')).status, 0);
  });

  it('reads no report outside of the folder, not even through a link', async () => {
    other.write({ 'report.json': (await other.run('report', '--format', 'json')).out });
    symlinkSync(join(other.folder, 'report.json'), join(line.folder, 'linked.json'));
    line.write({
      '.ambient-multicluster.yaml': `imports: [linked.json, ${JSON.stringify(join(other.folder, 'report.json'))}]\n`,
    });
    const { status, out } = await line.run('check');
    assert.equal(status, 1);
    assert.match(out, /There is no file 'linked\.json'/);
    assert.match(out, /report\.json' lies outside of the folder/);
    assert.match(out, /1 mesh, 1 cluster\./);
  });

  it('is told of a report that is too large', async () => {
    line.write({ [REPORT]: `{"a":"${'x'.repeat(21_000_000)}"}` });
    assert.match(
      (await line.run('check')).out,
      /cannot be read: it is larger than 20 MB\. Save .* \[invalid-configuration\]/,
    );
  });

  it('puts nothing of Secrets into a report', async () => {
    other.write({
      'clusters/west/secret.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: hidden-name, namespace: sample }\nstringData: { password: hidden-value }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: sample }\ndata: { password: hidden-value }\n',
    });
    for (const command of ['report', 'check'])
      assert.ok(!(await other.run(command, '--format', 'json')).out.includes('hidden'));
  });
});
