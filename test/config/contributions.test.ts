/** What is generated from the configuration's schema: the JSON Schema and the editor's settings. */
import assert from 'node:assert/strict';
import { settingsContribution } from '../../server/src/config/editor-settings.ts';
import { jsonSchema } from '../../server/src/config/json-schema.ts';

const RULES = [{ id: 'shared-network', summary: 'Each cluster needs a network of its own.' }];

describe('what the schema of the configuration gives', () => {
  it('a JSON Schema that knows every key and every rule', () => {
    const schema = jsonSchema(RULES) as {
      properties: Record<string, { properties: object }>;
      additionalProperties: boolean;
    };
    assert.deepEqual(Object.keys(schema.properties), [
      'istioVersion',
      'complete',
      'include',
      'exclude',
      'meshes',
      'imports',
      'boundaries',
      'rules',
      'ignore',
    ]);
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(Object.keys(schema.properties.rules?.properties ?? {}), ['shared-network']);
  });

  it('settings that each say what they are for', () => {
    const { properties } = settingsContribution(RULES) as { properties: Record<string, Record<string, unknown>> };
    for (const [key, setting] of Object.entries(properties)) {
      assert.match(key, /^ambientMulticluster\./);
      assert.ok('default' in setting, `${key} has a default`);
      assert.ok(String(setting.description ?? setting.markdownDescription).length > 20, `${key} is described`);
    }
  });
});
