// Measures how long the editor waits for an answer while somebody writes the configuration file: what stands under the cursor, what could be
// written there, where a path leads. Servers of other languages call the last "definition".
import { percentile } from './statistics.mjs';

const FILE = '.ambient-multicluster.yaml';
const TEXT = `meshes:
  - id: mesh1
    reference: c01
    clusters:
      - name: c01
        paths: ["clusters/c01/**"]
rules:
  waypoint-not-uniform: error
ignore:
  - rule: waypoint-not-uniform
    object: "Service a/b"
    clusters: [c01]
    reason: "because"
boundaries:
  - { namespaces: ["team-0001"], scope: LOCAL }
`;

/** What is asked, and at which word. */
const REQUESTS = [
  ['textDocument/hover', 'rules'],
  ['textDocument/hover', 'waypoint-not-uniform'],
  ['textDocument/hover', 'scope'],
  ['textDocument/completion', 'waypoint-not-uniform'],
  ['textDocument/completion', 'c01]'],
  ['textDocument/completion', 'Service a/b'],
  ['textDocument/completion', 'team-0001'],
  ['textDocument/completion', 'reference'],
  ['textDocument/documentLink', undefined],
];

function positionOf(word) {
  const before = TEXT.slice(0, TEXT.indexOf(word)).split('\n');
  return { line: before.length - 1, character: before.at(-1).length + 1 };
}

/**
 * @param settle resolves when the server has nothing more to do
 * @returns milliseconds at rest, and while the server follows what has just been typed
 */
export async function measureAnswers(client, times, settle) {
  client.open(FILE, TEXT);
  await settle();
  const textDocument = { uri: client.uri(FILE) };
  const ask = async (method, word) => {
    const start = performance.now();
    await client.request(method, word === undefined ? { textDocument } : { textDocument, position: positionOf(word) });
    return performance.now() - start;
  };
  const [rest, typing] = [[], []];
  for (let i = -1; i < times; i++) {
    for (const [method, word] of REQUESTS) {
      const duration = await ask(method, word);
      if (i >= 0) rest.push(duration); // the first round warms up
    }
  }
  const at = positionOf('because');
  for (let i = 0; i < times; i++) {
    for (const [method, word] of REQUESTS) {
      client.change(FILE, { start: at, end: { line: at.line, character: at.character + 1 } }, 'abc'[i % 3]);
      typing.push(await ask(method, word));
    }
  }
  await settle();
  client.close(FILE);
  await settle();
  const summary = (durations) => ({ p50: percentile(durations, 0.5), p95: percentile(durations, 0.95) });
  return { rest: summary(rest), typing: summary(typing) };
}
