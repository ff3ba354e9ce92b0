/** The JSON Schema of `check --format json`. */
import type { CheckJson, FindingJson, FixJson, SkippedJson } from '../check-json.ts';
import type { ReportedClusterJson } from '../cluster-json.ts';
import type { EditJson } from '../fix-edits.ts';
import { count, defined, flag, type JsonSchema, list, mark, object, oneOf, orNull, root, text } from './json-schema.ts';
import { file, reportedClusterProperties, SHARED, tool, version } from './shared.ts';

const id = text(
  'Stable: mesh, rule, object and sub-check. It depends neither on files and lines nor on the side that is blamed.',
);
const rule = text('The id of the rule.', ['waypoint-not-uniform']);
const range = defined('range');

const EDIT = object<EditJson>(
  'Replaces a part of a file.',
  {
    file,
    range,
    newText: text('What stands there afterwards.'),
    create: mark('The file does not exist yet; this is its whole text.'),
  },
  ['create'],
);

const FIX = object<FixJson>('A way to mend it; all its edits belong together.', {
  title: text('What it does.'),
  safe: flag('The right value is beyond doubt, and only fields of existing objects change.'),
  preferred: flag('The first choice among the fixes of this finding.'),
  edits: list('What it changes.', defined('edit')),
});

const OBJECT = object<NonNullable<FindingJson['object']>>('An object of Kubernetes.', {
  kind: text('Its kind.', ['Service']),
  namespace: orNull('Its namespace; null if it has none.', { type: 'string' }),
  name: text('Its name.'),
});

const RELATED = object<FindingJson['related'][number]>('Another side of a finding.', {
  file,
  range,
  cluster: orNull('The cluster of that side.', { type: 'string' }),
  message: text('What stands there.'),
});

const FINDING = object<FindingJson>('Something that breaks, or may break, the mesh.', {
  id,
  rule,
  severity: oneOf('How grave it is.', ['error', 'warning', 'info', 'hint']),
  limitation: {
    description: "Number of the limitation in Istio's documentation that it runs into; null if none.",
    enum: [1, 2, 3, 4, 5, 6, null],
  },
  message: text('What is wrong, and what happens at run time.'),
  file,
  range,
  clusters: list('The clusters involved, the blamed one first.', { type: 'string' }),
  object: orNull('The object that it is about.', defined('object')),
  related: list('The other places involved.', defined('related')),
  fixes: list(
    'The ways to mend it. Left out where they would take too long to spell out: thousands of findings in one long document.',
    defined('fix'),
  ),
  docs: orNull("The page of Istio's documentation that states the behaviour.", { type: 'string', format: 'uri' }),
});

const SUPPRESSED = object<CheckJson['suppressed'][number]>('A finding that is silenced.', {
  id,
  rule,
  reason: text('Why; empty if no reason is given.'),
  by: oneOf('What silences it.', ['comment', 'annotation', 'file', 'configuration', 'baseline']),
});

const SKIPPED = object<SkippedJson>('A file that was not read, or not as manifests.', {
  file,
  reason: text('Why; there may be more reasons in later versions.', ['helm-template', 'broken-yaml', 'encrypted']),
  cluster: orNull('The cluster that it would belong to.', { type: 'string' }),
});

const SUMMARY = object<CheckJson['summary']>('Numbers.', {
  files: count('Files read.'),
  documents: count('YAML documents in them.'),
  error: count('Findings that are errors.'),
  warning: count('Findings that are warnings.'),
  info: count('Findings that are remarks.'),
  hint: count('Findings that are hints.'),
  elapsedMs: count('Milliseconds that it took to find out: the one thing that differs from run to run.'),
});

export const CHECK_SCHEMA: JsonSchema = root(
  'ambient-multicluster check --format json',
  {
    ...SHARED,
    cluster: object<ReportedClusterJson>('A cluster.', reportedClusterProperties, ['imported', 'facts']),
    finding: FINDING,
    object: OBJECT,
    related: RELATED,
    fix: FIX,
    edit: EDIT,
    suppressed: SUPPRESSED,
    skipped: SKIPPED,
  },
  object<CheckJson>('The findings, and what they are found in.', {
    version,
    tool,
    meshes: list('The meshes.', defined('mesh')),
    clusters: list('Every cluster of every mesh.', defined('cluster')),
    findings: list('In order of file, position and rule; all severities.', defined('finding')),
    suppressed: list('What comments, annotations, the configuration or a baseline silence.', defined('suppressed')),
    skipped: list('What was not read.', defined('skipped')),
    summary: SUMMARY,
  }),
);
