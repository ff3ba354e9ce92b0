/** `--render-charts`: what Helm makes of charts in the workspace is checked, when it is asked for. */
import assert from 'node:assert/strict';
import { FakeHelm, shopFiles } from '../host/fake-helm.ts';
import { CommandLine } from './command-line.ts';

describe('--render-charts', () => {
  let line: CommandLine;
  let helm: FakeHelm;
  beforeEach(() => {
    line = new CommandLine();
    helm = new FakeHelm();
  });
  afterEach(() => {
    line.dispose();
    helm.dispose();
  });

  it('starts nothing unless it is given', async () => {
    line.write(shopFiles('true', 'false'));
    assert.equal((await line.run('check', '--format', 'concise')).out.trim(), '');
    assert.deepEqual(helm.calls, []);
  });

  it('finds what charts make different in two clusters, at the values', async () => {
    line.write(shopFiles('true', 'false'));
    const { status, out, err } = await line.run('check', '--render-charts', '--format', 'json');
    assert.deepEqual([status, err], [1, '']);
    const found = JSON.parse(out).findings.filter(({ severity }: { severity: string }) => severity === 'error');
    assert.equal(found.length, 1);
    assert.equal(found[0].rule, 'scope-not-uniform');
    assert.equal(found[0].file, 'values/west.yaml');
    assert.deepEqual(found[0].object, { kind: 'Service', namespace: 'shop', name: 'cart' });
    // Nothing says which value makes the label.
    assert.deepEqual(found[0].fixes, []);
    assert.equal(helm.calls.length, 2);
  });

  it('finds nothing where they make the same', async () => {
    line.write(shopFiles('true', 'true'));
    assert.equal((await line.run('check', '--render-charts')).status, 0);
  });

  it('says what cannot be rendered, and judges the rest', async () => {
    line.write({ ...shopFiles('true', 'true'), 'values/west.yaml': 'fail: the chart is broken\n' });
    const { status, err } = await line.run('check', '--render-charts');
    assert.equal(status, 0);
    assert.match(err, /charts\/shop is not rendered: Error: the chart is broken/);
  });
});
