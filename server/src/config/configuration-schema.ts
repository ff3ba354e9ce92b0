/** The configuration file, described once: every key, what it holds, and what it is for. */
import { boolean, choice, either, type Infer, list, object, record, text, whole } from './schema.ts';

/** What becomes of a rule's findings. */
export const SEVERITIES = ['off', 'hint', 'info', 'warning', 'error'] as const;

const istioVersion = (of: string) => text(`Istio version of ${of}, such as 1.30 or 1.30.2.`, 'istio-version');

const complete = either(
  'What the workspace holds completely, so that "missing" means missing: true (every kind but Secret), or a list of kinds.',
  boolean('True: everything that is applied is in the workspace, except Secrets.'),
  list('Kinds of which everything that is applied is in the workspace.', text('A Kubernetes kind, such as Service.')),
);

const globs = (doc: string) => list(doc, text('A glob, relative to the folder of the configuration file.', 'glob'));

const severity = choice('What becomes of the findings of a rule.', SEVERITIES);

const cluster = object(
  'A cluster.',
  {
    name: text("The cluster's name, as it is shown."),
    paths: globs('Files of this cluster. A file may belong to several clusters.'),
    network: text('The network of the cluster, where its manifests do not say.'),
    istioVersion: istioVersion('this cluster'),
  },
  ['name'],
);

const mesh = object(
  'Clusters that are one mesh.',
  {
    id: text('Name of the mesh.'),
    reference: text('Name of the cluster that is right where clusters differ: the others are blamed against it.'),
    complete,
    clusters: list('The clusters of the mesh.', cluster),
  },
  ['id', 'clusters'],
);

const boundary = object(
  'What must not leave its cluster.',
  {
    namespaces: list('Names of namespaces; `*` stands for any characters.', text('A name or a pattern.', 'glob')),
    scope: choice('The scope that every Service there must have.', ['LOCAL', 'GLOBAL']),
  },
  ['namespaces', 'scope'],
);

const ruleSetting = either(
  'A severity, or a severity with files in which the rule is off.',
  severity,
  object('How a rule is reported.', {
    severity,
    exclude: globs('Files in which the rule reports nothing.'),
  }),
);

const ignoreEntry = whole(
  object(
    'Findings that are known and accepted.',
    {
      rule: text('The rule.', 'rule'),
      object: text('The object that the finding is about, such as "Service payments/*".', 'glob'),
      clusters: list(
        'Only findings that involve one of these clusters.',
        text('Name of a cluster, or a pattern.', 'glob'),
      ),
      reason: text('Why it is accepted.'),
      until: text('The last day on which the entry holds, such as 2027-03-31.', 'date'),
    },
    ['rule', 'reason'],
  ),
);

/** `.ambient-multicluster.yaml`. */
export const CONFIGURATION = object('Configuration of Istio Ambient Multicluster.', {
  istioVersion: istioVersion('the clusters that do not say'),
  complete,
  include: globs('The files that are read.'),
  exclude: globs('Files that are not read.'),
  meshes: list('Clusters and meshes, needed only where what is inferred is wrong.', mesh),
  imports: list(
    'Saved json reports of other repositories (`report --format json`): their clusters count as known, are compared with, and are never blamed or edited.',
    text('A path, relative to the folder of the configuration file.'),
  ),
  boundaries: list('What must not leave its cluster.', boundary),
  rules: record('Severity of rules, by rule.', 'rule', ruleSetting),
  ignore: list('Findings that are known and accepted.', ignoreEntry),
});

export type ConfiguredSeverity = (typeof SEVERITIES)[number];
export type ConfigurationFile = Infer<typeof CONFIGURATION>;
export type DeclaredMesh = Infer<typeof mesh>;
export type DeclaredCluster = Infer<typeof cluster>;
export type RuleSetting = Infer<typeof ruleSetting>;
export type IgnoreEntry = Infer<typeof ignoreEntry>;
export type Boundary = Infer<typeof boundary>;
