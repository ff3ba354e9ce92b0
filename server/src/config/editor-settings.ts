/** The settings of the VS Code extension: the shared keys of the configuration file, and what only an editor has. */
import { CONFIGURATION } from './configuration-schema.ts';
import { type JsonSchema, type RuleSummary, schemaJson } from './json-schema.ts';

export const SETTINGS_SECTION = 'ambientMulticluster';

/** Keys of the configuration file that are settings too; the file wins. */
const SHARED = ['istioVersion', 'complete', 'include', 'exclude', 'rules'] as const;

const DEFAULTS: Readonly<Record<(typeof SHARED)[number], unknown>> = {
  istioVersion: null,
  complete: false,
  include: ['**/*.yaml', '**/*.yml'],
  exclude: [],
  rules: {},
};

/** Settings of the editor alone. */
const EDITOR: Readonly<Record<string, JsonSchema>> = {
  diagnosticMode: {
    type: 'string',
    enum: ['workspace', 'openFilesOnly'],
    enumDescriptions: ['Every file of the workspace is marked.', 'Only files that are open are marked.'],
    default: 'workspace',
    description: 'Which files show findings. All files are read in either case.',
  },
  'helm.render': {
    type: 'boolean',
    default: false,
    description:
      'Lets the helm on the PATH render the charts of the workspace, so that what they make is checked too. Only in trusted workspaces; nothing is downloaded.',
  },
  'server.maxMemory': {
    type: ['integer', 'null'],
    minimum: 256,
    default: null,
    scope: 'machine',
    description:
      'Megabytes that the language server may use for what it reads; empty: as many as Node allows by itself. It counts when the server is started again.',
  },
  'topology.followActiveEditor': {
    type: 'boolean',
    default: true,
    description: 'While the Ambient Topology view is visible, it selects what the cursor is on.',
  },
  'trace.server': {
    type: 'string',
    enum: ['off', 'messages', 'verbose'],
    default: 'off',
    description: 'Writes the messages between the editor and the language server to the output channel.',
  },
};

/**
 * `contributes.configuration` of `package.json`.
 * @param rules the catalogue, for completion of rule ids
 */
export function settingsContribution(rules: readonly RuleSummary[]): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [key, schema] of Object.entries(EDITOR)) properties[`${SETTINGS_SECTION}.${key}`] = schema;
  for (const key of SHARED) {
    const { description, ...schema } = schemaJson(CONFIGURATION.fields[key], rules);
    properties[`${SETTINGS_SECTION}.${key}`] = {
      ...nullable(key, schema),
      default: DEFAULTS[key],
      markdownDescription: `${String(description)} The configuration file \`.ambient-multicluster.yaml\` wins over this setting.`,
      scope: 'resource',
    };
  }
  return { title: 'Istio Ambient Multicluster', properties };
}

/** The settings editor shows a text whose default is null as empty. */
function nullable(key: string, schema: JsonSchema): JsonSchema {
  return key === 'istioVersion' ? { ...schema, type: ['string', 'null'] } : schema;
}
