/** Hostile inputs, and what happens to them: the tests of this folder prove it, and `docs/hostile-input.md` is written from it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

/** What becomes of an input. The reasons are those that `check --format json` gives of a file that is skipped. */
export type Outcome =
  | 'read'
  | 'kustomization'
  | 'argo-cd'
  | 'broken-yaml'
  | 'too-large'
  | 'binary'
  | 'unreadable'
  | 'passed over';

export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  read: 'read like any other file',
  kustomization: 'said to be skipped as `kustomization`: what it builds is not known in full',
  'argo-cd': 'said to be skipped as `argo-cd`: what it applies is not in sight',
  'broken-yaml': 'said to be skipped as `broken-yaml`; what of it can be read counts',
  'too-large': 'said to be skipped as `too-large`',
  binary: 'said to be skipped as `binary`',
  unreadable: 'said to be skipped as `unreadable`',
  'passed over': 'passed over, as if it were not there',
};

export interface HostileInput {
  /** As the table says it. */
  readonly input: string;
  readonly outcome: Outcome;
  /** What is placed in a folder of its own. */
  place(folder: string): void;
  /** The path, relative to its folder, that is named as skipped; without it the only one there is. */
  readonly file?: string;
}

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: hostile\n  namespace: sample\n';

const SLASHES = '/'.repeat(500_000);

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function text(input: string, outcome: Outcome, content: string | Buffer | (() => string)): HostileInput {
  const made = () => (typeof content === 'function' ? content() : content);
  return { input, outcome, place: (folder) => write(join(folder, 'a.yaml'), made()) };
}

function named(input: string, name: string): HostileInput {
  return { input, outcome: 'read', place: (folder) => write(join(folder, name), SERVICE) };
}

/** Nine aliases of nine aliases of nine aliases. */
function aliasBomb(): string {
  const levels = Array.from(
    { length: 40 },
    (_, i) => `  a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]\n`,
  );
  return `${SERVICE}spec:\n  a0: &a0 [x, x]\n${levels.join('')}`;
}

/** Objects with `$(V)` a thousand times, which stands for 40,000 characters. */
function variableBomb(folder: string): void {
  const service = (i: number) =>
    `${SERVICE.replace('hostile', `bomb-${i}`)}  annotations: { a: ${i === 0 ? 'x'.repeat(40_000) : 'x'}, b: "${'$(V)'.repeat(1000)}" }\n`;
  write(join(folder, 'a.yaml'), Array.from({ length: 150 }, (_, i) => service(i)).join('---\n'));
  write(join(folder, 'fields.yaml'), 'varReference: [{ path: metadata/annotations, kind: Service }]\n');
  const source =
    'objref: { apiVersion: v1, kind: Service, name: bomb-0, namespace: sample }, fieldref: { fieldPath: metadata.annotations.a }';
  write(
    join(folder, 'kustomization.yaml'),
    `resources: [a.yaml]\nconfigurations: [fields.yaml]\nvars: [{ name: V, ${source} }]\n`,
  );
}

const PROTO = `apiVersion: v1
kind: Service
metadata:
  name: __proto__
  namespace: constructor
  labels: { __proto__: x, constructor: y, toString: z, hasOwnProperty: w, istio.io/global: "true" }
---
apiVersion: v1
kind: __proto__
metadata: { name: toString }
---
__proto__: { a: b }
global: { __proto__: x, multiCluster: { clusterName: __proto__ }, network: constructor }
`;

/** @param outside a folder outside of the workspace that holds a manifest */
export function hostileInputs(outside: string): readonly HostileInput[] {
  const link = (input: string, target: string, outcome: Outcome = 'passed over'): HostileInput => ({
    input,
    outcome,
    place: (folder) => symlinkSync(target, join(folder, 'link.yaml')),
  });
  return [
    text('aliases of aliases that stand for 9^40 nodes', 'broken-yaml', aliasBomb),
    text(
      '20,000 flow collections in each other',
      'broken-yaml',
      `${SERVICE}spec: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
    ),
    text('20,000 sequences in each other on one line', 'broken-yaml', `${SERVICE}spec:\n  ${'- '.repeat(20_000)}x\n`),
    text('1,500,000 items in one sequence', 'broken-yaml', () => `${SERVICE}spec: [${'a, '.repeat(1_500_000)}]\n`),
    text(
      '200,000 keys of one map',
      'broken-yaml',
      () => `${SERVICE}spec: &a\n${Array.from({ length: 200_000 }, (_, i) => `  k${i}: v\n`).join('')}`,
    ),
    {
      input: 'variables of a kustomization that come to gigabytes',
      outcome: 'kustomization',
      file: 'kustomization.yaml',
      place: variableBomb,
    },
    text('200,000 documents', 'read', () => `${SERVICE}${'---\na: b\n'.repeat(200_000)}`),
    text(
      '50,000 suppressions that silence nothing',
      'read',
      () => `${SERVICE}${'# ambient-multicluster-ignore shared-network: x\n'.repeat(50_000)}`,
    ),
    text(
      'lines made to be slow to recognise as templates',
      'broken-yaml',
      () => `# {{\n${'- |#'.repeat(500_000)}\u2028\n---\n${SERVICE}`,
    ),
    text(
      'labels with 500,000 blanks, a line of blanks and a banner below a suppression',
      'read',
      () =>
        `# ambient-multicluster-ignore-file waypoint-not-uniform: x\n${' '.repeat(500_000)}\n${'#'.repeat(500_000)}\n${SERVICE}  labels: { istio.io/use-waypoint: "a${' '.repeat(500_000)}b" }\n`,
    ),
    text(
      'addresses and paths with 500,000 slashes',
      'argo-cd',
      () =>
        `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: hostile, namespace: argocd }\nspec:\n  source: { repoURL: "https://a.example/b${SLASHES}c", path: "a${SLASHES}b" }\n  destination: { server: "https://a.example${SLASHES}b", namespace: sample }\n`,
    ),
    {
      input: 'a time with 500,000 zeros, and 250,000 variables that do not end, in a kustomization',
      outcome: 'read',
      place: (folder) => {
        write(
          join(folder, 'a.yaml'),
          `${SERVICE}  annotations: { t: 2020-01-01T00:00:00.${'0'.repeat(500_000)}1Z, v: "${'$('.repeat(250_000)}" }\n`,
        );
        const source = 'objref: { apiVersion: v1, kind: Service, name: hostile, namespace: sample }';
        write(
          join(folder, 'kustomization.yaml'),
          `resources: [a.yaml]\nconfigurations: [fields.yaml]\nvars: [{ name: V, ${source} }]\n`,
        );
        write(join(folder, 'fields.yaml'), 'varReference: [{ path: metadata/annotations, kind: Service }]\n');
      },
    },
    text('a value of 4 MB', 'read', () => `${SERVICE}  annotations: { a: ${'x'.repeat(4_000_000)} }\n`),
    text('`__proto__`, `constructor` and `toString` as names and keys', 'read', PROTO),
    text('UTF-16 with a byte order mark', 'read', Buffer.from(`\ufeff${SERVICE}`, 'utf16le')),
    text('UTF-16 without one', 'binary', Buffer.from(SERVICE, 'utf16le')),
    text('NUL bytes', 'binary', `${SERVICE}# \0\n`),
    text(
      'bytes that are no UTF-8',
      'read',
      Buffer.concat([Buffer.from(`${SERVICE}# `), Buffer.from([0xff, 0xc0, 0x80, 0x0a])]),
    ),
    text('old Mac line ends, and tabs', 'broken-yaml', `${SERVICE.replaceAll('\n', '\r')}\tspec: x\r`),
    {
      input: 'a file of 60 MB',
      outcome: 'too-large',
      place: (folder) => {
        write(join(folder, 'a.yaml'), SERVICE);
        truncateSync(join(folder, 'a.yaml'), 60 * 1024 * 1024);
      },
    },
    {
      input: 'a file without permission to read it',
      outcome: 'unreadable',
      place: (folder) => {
        write(join(folder, 'a.yaml'), SERVICE);
        chmodSync(join(folder, 'a.yaml'), 0);
      },
    },
    {
      input: 'a folder without permission to list it',
      outcome: 'unreadable',
      file: 'closed',
      place: (folder) => {
        write(join(folder, 'closed/a.yaml'), SERVICE);
        chmodSync(join(folder, 'closed'), 0);
      },
    },
    {
      input: 'a pipe (FIFO) named like a manifest, like `.gitignore`',
      outcome: 'passed over',
      place: (folder) => void execFileSync('mkfifo', [join(folder, 'a.yaml'), join(folder, '.gitignore')]),
    },
    {
      input: 'a socket named like a manifest',
      outcome: 'passed over',
      place: (folder) => void createServer().listen(join(folder, 'a.yaml')).unref(),
    },
    link('a link to a file outside of the workspace', join(outside, 'outside.yaml')),
    link('a link to `/`', '/'),
    link('a link to a device', '/dev/zero'),
    link('a link to itself', 'link.yaml'),
    link('a link to a folder that holds it', '..'),
    {
      input: 'folders that link each other',
      outcome: 'read',
      place: (folder) => {
        for (const [here, there] of [
          ['a', 'b'],
          ['b', 'a'],
        ] as const) {
          write(join(folder, here, `${here}.yaml`), SERVICE);
          symlinkSync(`../${there}`, join(folder, here, 'other'));
        }
      },
    },
    {
      input: '`.gitignore` that is a link to a device',
      outcome: 'read',
      place: (folder) => {
        write(join(folder, 'a.yaml'), SERVICE);
        symlinkSync('/dev/zero', join(folder, '.gitignore'));
      },
    },
    {
      input: '`.gitignore` with patterns that take forever to match',
      outcome: 'read',
      place: (folder) => {
        write(join(folder, `${'a'.repeat(240)}.yaml`), SERVICE);
        write(join(folder, '.gitignore'), `${'*a'.repeat(30)}b\n`.repeat(50));
      },
    },
    {
      input: '100 folders in each other',
      outcome: 'unreadable',
      file: Array(61).fill('f').join('/'),
      place: (folder) => write(join(folder, Array(100).fill('f').join('/'), 'a.yaml'), SERVICE),
    },
    named('line breaks and control characters in a name', 'a\n\u001b[31mb\u009b2J.yaml'),
    named('a name that turns text round', 'a\u202egpj.yaml'),
    named('a name like an option', '--config=x.yaml'),
    named('a name with 250 characters', `${'n'.repeat(245)}.yaml`),
    named('emoji and wide characters in a name', '\u{1f480}漢字.yaml'),
    {
      input: 'a name that is no UTF-8',
      outcome: 'unreadable',
      file: '\ufffd\ufffd.yaml',
      place: (folder) =>
        writeFileSync(
          Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.yaml')]),
          SERVICE,
        ),
    },
  ];
}

/** `docs/hostile-input.md`. */
export function hostilePage(): string {
  const rows = hostileInputs('').map(({ input, outcome }) => `| ${input} | ${OUTCOMES[outcome]} |`);
  return `<!-- Generated by scripts/generate.mjs from test/hostile/inputs.ts: do not edit. -->
# What happens to hostile input

\`test/hostile/workspace.test.ts\` puts all of this into one workspace, beside a mesh with a known error, and has the built command line and the
built language server read it. Both must find that error, say of every input what is said here, and read nothing outside of the workspace.

| input | what happens |
|---|---|
${rows.join('\n')}

And of the workspace as a whole:

| input | what happens |
|---|---|
| the configuration file is a pipe, a device, a link out of the repository, or larger than 5 MB | the command line refuses with exit status 2; the server says so in its log and goes on without |
| globs in the configuration that are made to take forever | matched in a time that grows with text and glob alone; one with groups in parentheses, or too many alternatives, is an \`invalid-configuration\` finding (\`test/base/glob.test.ts\`) |
| regular expressions in kustomize that take forever to match | matched in a time that grows with text and expression alone (\`test/deploy\`) |
| Go templates, variables of Flux, and replacements and patches of kustomize whose texts, lists or objects multiply | not filled in, or not applied: what is made of them is not known (\`test/deploy\`) |
| generators of an ApplicationSet that are combined without end | those that were made count, and that there are more is said (\`test/deploy\`) |
| files that come, go and change while they are read | what was read counts |
| no space left for an output | exit status 2, with the reason |
| more files than fit into the memory that Node may use | what fits is read, the rest is said to be skipped as \`memory\`; nothing counts as missing, and it is told how to give more (\`test/hostile/memory.test.ts\`) |
`;
}
