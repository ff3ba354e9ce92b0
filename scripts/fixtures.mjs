// Reads the Markdown fixtures of rules: a heading is a test, a fence with a path is a file of its workspace.

/** An expectation in a comment: `# error: [rule-id] "part of the message"`; `beside` for a place that a finding is related to. */
const EXPECTATION = /#\s*(error|warning|info|hint|beside):\s*\[([a-z0-9-]+)\](?:\s*"([^"]*)")?\s*$/;

/**
 * @param text a fixture's Markdown
 * @returns the tests: { title, prose, files: [{ path, text, language }], fixes: [{ title, files }], options }
 * A fence is ```` ```yaml path ````; ```` ```yaml fixed "part of the fix's title" path ```` is a file after a fix;
 * ```` ```yaml include NAME ```` is not a file but takes in the files of the test NAME of `_mesh.md`.
 */
export function readFixtures(text) {
  const tests = [];
  let test;
  let fence;
  for (const line of text.split('\n')) {
    if (fence !== undefined) {
      if (line.startsWith('```')) {
        addFence(test, fence);
        fence = undefined;
      } else fence.lines.push(line);
      continue;
    }
    const heading = /^##? (.+)$/.exec(line);
    const start = /^```(\w+)\s*(.*)$/.exec(line);
    if (heading !== null) {
      test = {
        title: heading[1],
        prose: [],
        files: [],
        fixes: [],
        includes: [],
        without: [],
        version: undefined,
        defects: 1,
      };
      tests.push(test);
    } else if (start !== null) fence = { language: start[1], info: start[2].trim(), lines: [] };
    else if (test !== undefined && line.trim() !== '') addProse(test, line);
  }
  return tests;
}

/**
 * `Include: two-clusters`, `Without: clusters/west/x.yaml`, `Istio: 1.29` and `Defects: 2` are directions, everything else explains the
 * test. A test has one defect, or none, unless it says how many: so many findings there may be above info.
 */
function addProse(test, line) {
  const direction = /^(Include|Without|Istio|Defects): (.+)$/.exec(line);
  if (direction === null) test.prose.push(line);
  else if (direction[1] === 'Include') test.includes.push(direction[2].trim());
  else if (direction[1] === 'Without') test.without.push(direction[2].trim());
  else if (direction[1] === 'Istio') test.version = direction[2].trim();
  else test.defects = Number(direction[2]);
}

function addFence(test, { language, info, lines }) {
  if (test === undefined || info === '') return;
  const text = `${lines.join('\n')}\n`;
  const fixed = /^fixed "([^"]*)" (\S+)$/.exec(info);
  if (fixed === null) {
    test.files.push({ path: info, text, language });
    return;
  }
  const [, title, path] = fixed;
  const fix = test.fixes.find((known) => known.title === title);
  if (fix === undefined) test.fixes.push({ title, files: [{ path, text }] });
  else fix.files.push({ path, text });
}

/**
 * Takes the expectations out of a file's text. One on a line of its own is about the next line.
 * @returns the text without them, and { line, severity, rule, message } with zero-based lines of that text: findings, and places beside them
 */
export function takeExpectations(text) {
  const kept = [];
  const expected = [];
  let pending = [];
  for (const line of text.split('\n')) {
    const match = EXPECTATION.exec(line);
    const rest = match === null ? line : line.slice(0, match.index).trimEnd();
    const expectation = match === null ? [] : [{ severity: match[1], rule: match[2], message: match[3] ?? '' }];
    if (match !== null && rest === '') {
      pending.push(...expectation);
      continue;
    }
    for (const one of [...pending, ...expectation]) expected.push({ ...one, line: kept.length });
    pending = [];
    kept.push(rest);
  }
  const isBeside = ({ severity }) => severity === 'beside';
  return {
    text: kept.join('\n'),
    expected: expected.filter((one) => !isBeside(one)),
    beside: expected.filter(isBeside),
  };
}
