/** The json formats, held against the schemas that are shipped: what is printed is described, to the last property. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Engine } from '../../server/src/engine/engine.ts';
import { checkJson } from '../../server/src/report/check-json.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';
import { chooseFindings } from '../../server/src/report/world.ts';
import { FIXTURES, workspace } from '../rules/workspace.ts';
import { closedSchemaCheck, schemaCheck } from './json-schema.ts';

interface NamedWorld {
  readonly name: string;
  readonly files: readonly { readonly file: string; readonly text: string }[];
}

function* worlds(): Iterable<NamedWorld> {
  for (const name of readdirSync('examples')) {
    const folder = `examples/${name}`;
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
    yield { name, files: paths.map((file) => ({ file, text: readFileSync(`${folder}/${file}`, 'utf8') })) };
  }
  for (const [rule, tests] of FIXTURES) {
    for (const test of tests) {
      const { files } = workspace(test);
      yield { name: `${rule}: ${test.title}`, files: [...files].map(([file, text]) => ({ file, text })) };
    }
  }
  yield { name: 'nothing', files: [] };
  yield {
    name: 'what is not read',
    files: [
      { file: 'clusters/east/broken.yaml', text: 'kind: Service\nmetadata: {{{' },
      { file: 'clusters/east/svc.yaml', text: '# ambient-multicluster-ignore shared-network: x\nkind: Service\n' },
    ],
  };
}

/** A value as a program reads it that is given the output. */
const printed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the schemas of the json formats', () => {
  const checkErrors = closedSchemaCheck('schemas/check.schema.json');
  const reportErrors = closedSchemaCheck('schemas/report.schema.json');

  it('describe what check and report print for the examples and for every fixture', () => {
    let seen = 0;
    for (const { name, files } of worlds()) {
      const engine = new Engine({ configFile: '.ambient-multicluster.yaml' });
      const snapshot = engine.apply(files);
      const world = chooseFindings(snapshot, { only: [], skip: [] });
      assert.deepEqual(checkErrors(printed(checkJson(world, 1))), [], name);
      assert.deepEqual(reportErrors(printed(topologyJson(snapshot))), [], name);
      seen += world.findings.length;
    }
    assert.ok(seen > 50, `${seen} findings`);
  });

  it('refuse what is not printed', () => {
    const world = chooseFindings(new Engine().apply([]), { only: [], skip: [] });
    const { summary, ...rest } = checkJson(world, 1);
    assert.deepEqual(checkErrors(rest), [": must have required property 'summary'"]);
    assert.notDeepEqual(checkErrors({ ...rest, summary: { ...summary, error: -1 } }), []);
    assert.notDeepEqual(reportErrors(checkJson(world, 1)), []);
  });

  it('allow what a later version may add', () => {
    const world = chooseFindings(new Engine().apply([]), { only: [], skip: [] });
    assert.deepEqual(schemaCheck('schemas/check.schema.json')({ ...checkJson(world, 1), later: true }), []);
  });
});
