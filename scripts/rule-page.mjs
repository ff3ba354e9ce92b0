// Writes the page of a rule from its metadata and its fixtures: the first test of a fixture is the page's example.
import { takeExpectations } from './fixtures.mjs';

const LIMITATIONS = [
  'one network for each cluster',
  'every cluster is a primary',
  'the same waypoints everywhere',
  'the scope of a Service is not read across clusters',
  'a global waypoint makes its Services global',
  'east-west gateways carry only HBONE (since 1.30 also TLS passthrough)',
];

/** What the numbers of limitations stand for. */
export const LIMITATIONS_LEGEND = `Limitations are those that [Istio states](https://istio.io/latest/docs/ambient/install/multicluster/) of ambient multicluster: ${LIMITATIONS.map((text, index) => `(${index + 1}) ${text}`).join(', ')}.`;

const FIX = {
  safe: 'There is a safe fix.',
  unsafe: 'There is a fix; it is not safe, because it is not the only right one or creates and renames objects.',
  both: 'There are fixes, safe where the right value is beyond doubt.',
  none: 'There is no fix.',
};

/** `error, warning`: that of most findings first; `hint, off`: reported as a hint where it is switched on. */
export function severityCell({ severity, otherwise = {}, offByDefault }) {
  return [severity, ...Object.keys(otherwise), ...(offByDefault ? ['off'] : [])].join(', ');
}

function standing({ id, severity, otherwise = {}, offByDefault }) {
  const severities = [severity, ...Object.entries(otherwise).map(([other, when]) => `${other} ${when}`)];
  return offByDefault
    ? `**Severity:** ${severities.join('; ')}, off by default. Switch it on with \`rules: { ${id}: ${severity} }\` in the configuration, or with \`check --only ${id}\`.`
    : `**Severity:** ${severities.join('; ')}.`;
}

/** What a finding of the rule may be told instead of. */
function followers(standsFor) {
  if (standsFor.length === 0) return [];
  const pages = [...new Set(standsFor)].map((other) => `[${other}](${other}.md)`).join(', ');
  return [`Where it is their cause, it is told instead of findings of ${pages}, and is as grave as they are.`];
}

function versions({ since, until, docs }) {
  // What no page of Istio's documentation states is not about Istio.
  if (docs === '') return [];
  if (since === undefined && until === undefined) return ['Every version of Istio.'];
  if (until === undefined) return [`Istio ${since} and later.`];
  return [since === undefined ? `Istio ${until} and earlier.` : `Istio ${since} to ${until}.`];
}

/** `istio/istio#123` for issues, code for paths in Istio's repository. */
function reference(text) {
  const issue = /^https:\/\/github\.com\/([^/]+\/[^/]+)\/(?:issues|pull)\/(\d+)$/.exec(text);
  if (issue !== null) return `[${issue[1]}#${issue[2]}](${text})`;
  return text.startsWith('http') ? `<${text}>` : `\`${text}\``;
}

/** What the lines are counted in: those of a repository move with every release. */
const REVISIONS = [
  [
    /^\S+\.(?:go|yaml|sh)(?=[:,\s]|$)/,
    'istio/istio at [86c9f01](https://github.com/istio/istio/tree/86c9f01fd735fb01d8192f5bcaf0d424afb7f14c) (1.32 in development)',
  ],
  [/^ztunnel /, 'ztunnel at [1.31.0-rc.0](https://github.com/istio/ztunnel/tree/1.31.0-rc.0)'],
];

function revisions(references) {
  const cited = REVISIONS.filter(([path]) => references.some((text) => path.test(text))).map(
    ([, revision]) => revision,
  );
  return cited.length === 0 ? [] : [`Lines are those of ${cited.join(', and of ')}, unless a release is named.`];
}

function fences(files) {
  return files
    .map(({ path, text }) => `\`\`\`yaml\n# ${path}\n${takeExpectations(text).text.trimEnd()}\n\`\`\``)
    .join('\n\n');
}

function example(tests) {
  const test = tests[0];
  if (test === undefined) return [];
  const involved = test.files.filter(({ text }) => takeExpectations(text).expected.length > 0);
  if (involved.length === 0) throw new Error(`nothing is found in the example: ${test.title}`);
  const fix = test.fixes[0];
  const told = involved
    .flatMap(({ text }) => takeExpectations(text).expected.map(({ message }) => message))
    .filter((message) => message !== '');
  return [
    '## Example',
    ...test.prose,
    fences(involved),
    ...(told.length > 0 ? [`Reported: “${told[0]}${told[0].endsWith('.') ? '' : '…'}”`] : []),
    ...(fix === undefined ? [] : [`After the fix “${fix.title}”:`, fences(fix.files)]),
  ];
}

/**
 * @param sources the files that hold its metadata and its fixtures
 * @param standsFor ids of the rules whose findings it makes superfluous
 */
export function rulePage(rule, sources, tests, standsFor) {
  const limitation =
    rule.limitation === null ? [] : [`Limitation ${rule.limitation}: ${LIMITATIONS[rule.limitation - 1]}.`];
  const references = [rule.docs, ...rule.references].filter((text) => text !== '');
  const parts = [
    `<!-- Generated from ${sources.join(' and ')}: do not edit. -->`,
    `# ${rule.id}`,
    rule.summary,
    [standing(rule), ...limitation, ...versions(rule), FIX[rule.fix]].join(' '),
    ...followers(standsFor),
    '## Why it matters',
    rule.why,
    ...example(tests),
    '## How to fix it',
    rule.howToFix,
    '## When to silence it',
    rule.whenToSilence,
    ...(references.length === 0 ? [] : ['## References', references.map((text) => `* ${reference(text)}`).join('\n')]),
    ...revisions(references),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Issues as links; the code of the text stays. */
function linked(text) {
  return text.replace(
    /\b([\w-]+\/[\w.-]+)#(\d+)/g,
    (all, repository, number) => `[${all}](https://github.com/${repository}/issues/${number})`,
  );
}

/** What no rule can report, and where the answer is. */
function undecidableSection(undecidable) {
  const rows = undecidable.map(({ question, why, look, rules }) => {
    const near = rules.map((id) => `[${id}](${id}.md)`).join(', ');
    return `| ${question} | ${linked(why)} | ${look} | ${near} |`;
  });
  return [
    '## What manifests cannot tell',
    '',
    'No finding is no promise. These questions are answered by the running clusters only; the rules that come nearest are named.',
    '',
    '| question | why manifests do not answer it | where to look | nearest rules |',
    '| --- | --- | --- | --- |',
    ...rows,
  ];
}

/** @param own the ids outside the catalogue */
export function rulesIndex(rules, own, undecidable) {
  const page = ({ id }) => `[${id}](${id}.md)`;
  const rows = rules.map(
    (rule) => `| ${page(rule)} | ${severityCell(rule)} | ${rule.limitation ?? ''} | ${rule.summary} |`,
  );
  const ownRows = own.map((rule) => `| ${page(rule)} | ${severityCell(rule)} | ${rule.summary} |`);
  return [
    '<!-- Generated by scripts/generate.mjs: do not edit. -->',
    '',
    '# Rules',
    '',
    LIMITATIONS_LEGEND,
    '',
    '| rule | severity | limitation | what must hold |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## What is told beside the rules',
    '',
    'These are about what makes the manifests, and about our own configuration. They are configured as rules are.',
    '',
    '| id | severity | what must hold |',
    '| --- | --- | --- |',
    ...ownRows,
    '',
    ...undecidableSection(undecidable),
    '',
  ].join('\n');
}
