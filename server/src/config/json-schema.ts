/** The JSON Schema of the configuration file, for editors that know nothing of us. */
import { VERSION_PATTERN } from '../base/istio-version.ts';
import { CONFIGURATION } from './configuration-schema.ts';
import type { Schema, TextFormat } from './schema.ts';

/** What the schema tells of a rule. */
export interface RuleSummary {
  readonly id: string;
  readonly summary: string;
  readonly offByDefault?: true;
}

function described({ summary, offByDefault }: RuleSummary): string {
  return offByDefault === true ? `${summary} Off by default: a severity switches it on.` : summary;
}

/** A piece of JSON Schema. */
export type JsonSchema = { readonly [key: string]: unknown };

/**
 * The schema of `.ambient-multicluster.yaml`, draft 7 (what the YAML extension understands best).
 * @param rules the catalogue, for completion of rule ids
 */
export function jsonSchema(rules: readonly RuleSummary[]): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: '.ambient-multicluster.yaml',
    ...schemaJson(CONFIGURATION, rules),
  };
}

/** One schema as JSON Schema. */
export function schemaJson(schema: Schema, rules: readonly RuleSummary[]): JsonSchema {
  const description = schema.doc;
  switch (schema.type) {
    case 'text':
      return { description, ...textJson(schema.format, rules) };
    case 'boolean':
      return { description, type: 'boolean' };
    case 'choice':
      return schema.words.includes('off')
        ? { description, enum: [...schema.words, false] }
        : { description, enum: schema.words };
    case 'list':
      return { description, type: 'array', items: schemaJson(schema.item, rules) };
    case 'record':
      return { description, type: 'object', ...recordJson(schema.keys, schemaJson(schema.value, rules), rules) };
    case 'object':
      return {
        description,
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(schema.fields).map(([key, field]) => [key, schemaJson(field, rules)]),
        ),
        ...(schema.required.length === 0 ? {} : { required: schema.required }),
        additionalProperties: false,
      };
    case 'either':
      return { description, anyOf: [schemaJson(schema.short, rules), schemaJson(schema.long, rules)] };
  }
}

/** YAML reads an unquoted 1.30 as a number and an unquoted date as text or date: both are fine to us. */
function textJson(format: TextFormat, rules: readonly RuleSummary[]): JsonSchema {
  switch (format) {
    case 'istio-version':
      return {
        type: ['string', 'number'],
        pattern: `^${VERSION_PATTERN}$`,
        minimum: 1,
        exclusiveMaximum: 2,
        examples: ['1.30', '1.30.2'],
      };
    case 'date':
      return { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$` };
    case 'rule':
      return { anyOf: rules.map((rule) => ({ const: rule.id, description: described(rule) })) };
    case 'any':
    case 'glob':
      return { type: 'string' };
  }
}

function recordJson(keys: TextFormat, value: JsonSchema, rules: readonly RuleSummary[]): JsonSchema {
  if (keys !== 'rule') return { additionalProperties: value };
  return {
    properties: Object.fromEntries(rules.map((rule) => [rule.id, { ...value, description: described(rule) }])),
    additionalProperties: false,
  };
}
