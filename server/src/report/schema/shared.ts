/** What the schemas of several json formats describe alike. */
import type { Position, Range } from '../../base/range.ts';
import type { ClusterFactsJson } from '../cluster-facts.ts';
import type { ClusterJson, EvidenceJson, MeshJson, ReportedClusterJson } from '../cluster-json.ts';
import type { TOOL } from '../tool.ts';
import { count, defined, flag, type JsonSchema, list, mark, object, oneOf, orNull, text } from './json-schema.ts';

const position = (description: string): JsonSchema =>
  object<Position>(description, {
    line: count('Counted from zero.'),
    character: count('UTF-16 code units from the start of the line, counted from zero.'),
  });

export const RANGE = object<Range>('A part of a file, as in the Language Server Protocol.', {
  start: position('The first character.'),
  end: position('The character after the last one.'),
});

export const file = text('A path relative to the root that was checked, with `/`.', ['clusters/east/istio.yaml']);

export const version: JsonSchema = { description: 'The version of the format.', const: 1 };

export const tool = object<typeof TOOL>('What printed this.', {
  name: { const: 'ambient-multicluster' },
  version: text('Its version.'),
});

export const MESH = object<MeshJson>('Clusters that are one mesh.', {
  id: text('The name of the mesh.'),
  clusters: list('Names of its clusters.', { type: 'string' }),
  why: text('Why these are one mesh.', ['same meshID']),
});

export const EVIDENCE = object<EvidenceJson>(
  'What says something of a cluster.',
  {
    file,
    range: orNull('The place in the file; null if the file as a whole says it.', defined('range')),
    field: oneOf('What it says.', ['name', 'network', 'mesh', 'istioVersion', 'member', 'controlPlane']),
    why: text('What stands there.', ['global.multiCluster.clusterName', 'folder clusters/east']),
    contradicts: mark('It says something else than what was concluded.'),
    unknown: oneOf('Why what stands there cannot be known; absent where it can.', [
      'placeholder',
      'template',
      'encrypted',
      'value-from',
      'layered',
      'contradicted',
      'wrong-type',
    ]),
  },
  ['contradicts', 'unknown'],
);

/** The properties of a cluster. */
export const clusterProperties: { readonly [K in keyof ClusterJson]-?: JsonSchema } = {
  name: text('The name of the cluster.'),
  mesh: text('The id of its mesh.'),
  network: orNull('Its network; null if it is not known.', { type: 'string' }),
  controlPlane: oneOf('Where its istiod runs; none: no manifest of it is in sight.', [
    'primary',
    'remote',
    'external',
    'none',
  ]),
  istioVersion: orNull('The version of its Istio; null if nothing says it.', { type: 'string' }),
  multiNetwork: orNull('Whether ambient multi-network is on; null if it is not known.', flag('')),
  files: count('Number of files that belong to it.'),
  complete: {
    description: 'Whether the workspace holds everything that is applied, or the kinds of which it does.',
    anyOf: [{ type: 'boolean' }, { type: 'array', items: { type: 'string' } }],
  },
  evidence: list('How it was recognised.', defined('evidence')),
  imported: text('The imported report that tells of it; absent for clusters of the workspace.', [
    'reports/platform-mesh.json',
  ]),
};

/** The properties of a cluster in a report that may be imported. */
export const reportedClusterProperties: { readonly [K in keyof ReportedClusterJson]-?: JsonSchema } = {
  ...clusterProperties,
  facts: defined('clusterFacts'),
};

const FACTS = object<ClusterFactsJson>(
  'What another repository may know of the cluster, if it imports this report. A value that cannot be read is `<unknown>`.',
  {
    declared: { description: 'What the configuration declares of it.', type: 'object' },
    installation: { description: 'What its installation of Istio amounts to.', type: 'object' },
    objects: list('Its objects, with what is read of them. Secrets and ConfigMaps are left out.', {
      type: 'object',
      properties: {
        file: orNull('The file that states it.', file),
        object: { description: 'The manifest.', type: 'object' },
      },
      required: ['file', 'object'],
    }),
    partial: mark('A file of the cluster was not read.'),
  },
  ['declared', 'partial'],
);

export const SHARED = { range: RANGE, mesh: MESH, evidence: EVIDENCE, clusterFacts: FACTS } as const;
