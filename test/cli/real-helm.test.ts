/** `--render-charts` with the real Helm, where one is installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { shopFiles } from '../host/fake-helm.ts';
import { CommandLine } from './command-line.ts';

const PARTIAL = 'charts/shop/templates/_labels.tpl';

const CHART = {
  [PARTIAL]: `{{- define "shop.labels" -}}
app: {{ .Chart.Name }}
istio.io/global: {{ .Values.global | quote }}
{{- end }}
`,
  'charts/shop/templates/service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name | trunc 4 }}-cart
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  ports:
    - name: http
      port: 80
`,
};

describe('charts rendered by a real Helm', () => {
  it('are checked: values, partial templates, releases and namespaces count', async function () {
    if (spawnSync('helm', ['version']).status !== 0) {
      console.log('      no helm is installed: charts are rendered by a stand-in only');
      return;
    }
    this.timeout(60_000);
    const line = new CommandLine();
    try {
      const rendered = async (files: Readonly<Record<string, string>>): Promise<unknown[]> => {
        line.write(files);
        const { out, err } = await line.run('check', '--render-charts', '--format', 'json');
        assert.equal(err, '');
        return JSON.parse(out).findings.flatMap((found: Record<string, unknown>) =>
          found.severity === 'error' ? [[found.rule, found.file, found.object]] : [],
        );
      };
      const object = { kind: 'Service', namespace: 'shop', name: 'shop-cart' };
      assert.deepEqual(await rendered({ ...shopFiles('true', 'false'), ...CHART }), [
        ['scope-not-uniform', 'values/west.yaml', object],
      ]);
      assert.deepEqual(await rendered({ [PARTIAL]: CHART[PARTIAL].replace('.Values.global', '"true"') }), []);
    } finally {
      line.dispose();
    }
  });
});
