/** Helm is started on charts of the workspace only, by its path, without a shell, once for the same content. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderChart } from '../../server/src/host/node/helm.ts';
import { FakeHelm } from './fake-helm.ts';

describe('Helm', () => {
  let root: string;
  let helm: FakeHelm;
  const request = (values: unknown) => ({
    folder: 'charts/shop',
    release: 'shop',
    namespace: 'default',
    values: JSON.stringify(values),
  });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'charts-'));
    mkdirSync(join(root, 'charts/shop/templates'), { recursive: true });
    writeFileSync(join(root, 'charts/shop/Chart.yaml'), `name: shop # ${root}\n`);
  });
  afterEach(() => {
    helm.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  it('renders a chart with the values on its standard input', async () => {
    helm = new FakeHelm();
    const rendering = await renderChart(root, request({ global: 'true; touch x $(id)' }));
    assert.match('text' in rendering ? rendering.text : '', /istio.io\/global: "true; touch x \$\(id\)"/);
    const [[args, values, folder] = [[], undefined, '']] = helm.calls;
    assert.deepEqual(args, [
      'template',
      'shop',
      join(root, 'charts/shop'),
      '--namespace',
      'default',
      '--no-hooks',
      '--skip-schema-validation',
      '--values',
      '-',
    ]);
    assert.deepEqual(values, { global: 'true; touch x $(id)' });
    assert.ok(!folder.startsWith(root), 'it does not stand in the workspace');
  });

  it('is started once for the same content, and again when a file of the chart changed', async () => {
    helm = new FakeHelm();
    await renderChart(root, request({ global: true }));
    await renderChart(root, request({ global: true }));
    assert.equal(helm.calls.length, 1);
    writeFileSync(join(root, 'charts/shop/templates/names.tpl'), 'x');
    await renderChart(root, request({ global: true }));
    await renderChart(root, request({ global: false }));
    assert.equal(helm.calls.length, 3);
  });

  it('tells why there is nothing', async () => {
    helm = new FakeHelm();
    assert.deepEqual(await renderChart(root, request({ fail: 'no such value' })), { problem: 'Error: no such value' });
    rmSync(join(root, 'charts'), { recursive: true });
    assert.match(JSON.stringify(await renderChart(root, request({}))), /problem/);
  });

  it('is not waited for without end', async () => {
    helm = new FakeHelm();
    const rendering = await renderChart(root, request({ hang: true }), 1500);
    assert.deepEqual(rendering, { problem: 'helm took longer than 1.5 s, or wrote too much' });
  });

  it('is none that lies in the workspace', async () => {
    helm = new FakeHelm(join(root, 'bin'));
    const rendering = await renderChart(root, request({ global: true }));
    // There may be a real one further on; the one in the workspace was not asked.
    assert.ok('problem' in rendering || rendering.text !== undefined);
    assert.deepEqual(helm.calls, []);
  });

  it('does not render a chart with a link out of the workspace', async () => {
    helm = new FakeHelm();
    symlinkSync('/etc/hostname', join(root, 'charts/shop/templates/hosts.yaml'));
    assert.match(JSON.stringify(await renderChart(root, request({ global: true }))), /link/);
    assert.deepEqual(helm.calls, []);
  });
});
