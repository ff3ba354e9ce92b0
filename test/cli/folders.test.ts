/** Several folders on the command line: each may have a configuration file of its own. */
import assert from 'node:assert/strict';
import { DRIFTED } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

describe('cli: several folders', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => line.dispose());

  it('are each judged by the configuration file of their own', async () => {
    const config = '.ambient-multicluster.yaml';
    const declaring = (name: string) => `meshes: [{ id: mesh1, clusters: [{ name: ${name}, paths: ["**"] }] }]\n`;
    line.write({
      ...DRIFTED,
      [config]: 'exclude: ["clusters/west/**"]\n',
      [`clusters/east/${config}`]: declaring('first'),
      [`clusters/west/${config}`]: `${declaring('second')}rules: { waypoint-not-uniform: error }\n`,
    });
    const both = await line.run('--format', 'concise', 'clusters/east', 'clusters/west');
    assert.match(both.out, /^west\/sample\.yaml:\d+:\d+: error waypoint-not-uniform: .*second.*first/m);
    assert.doesNotMatch((await line.run('--format', 'concise')).out, /waypoint-not-uniform/);
    const given = await line.run('--format', 'concise', '--config', config, 'clusters/east', 'clusters/west');
    assert.doesNotMatch(given.out, /first|second/);
    line.write({
      [`clusters/west/${config}`]: 'exclude: ["sample.yaml"]\nignore: [{ rule: shared-network, reason: x }]\n',
    });
    const less = await line.run('--format', 'concise', 'clusters/east', 'clusters/west/');
    assert.equal(less.out, '');
    const all = await line.run('--format', 'concise', '--min-severity', 'hint', 'clusters/east', 'clusters/west');
    assert.match(all.out, /^west\/\.ambient-multicluster\.yaml:2:\d+: hint unused-suppression: .*\n$/);
    line.write({ [`clusters/west/${config}`]: 'exclude: [\n' });
    const broken = await line.run('clusters/east', 'clusters/west');
    assert.deepEqual(
      [broken.status, broken.err],
      [2, 'ambient-multicluster: west/.ambient-multicluster.yaml is not valid YAML\n'],
    );
  });
});
