/** Whatever a Secret holds, no part of it leaves the files: not in facts, findings or mesh, not in any format, not on standard error. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Engine } from '../../server/src/engine/engine.ts';
import { CORRECT } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';
import { assertNone, manifests, secretOverlay, secrets, shape } from './secret-manifests.ts';

/** Everything that can be reached from a value by following fields, in one text. The text of the files themselves is passed over. */
function everything(value: unknown, passOver: readonly unknown[]): string {
  const seen = new Set<unknown>(passOver);
  const texts: string[] = [];
  const queue: unknown[] = [value];
  while (queue.length > 0) {
    const next = queue.pop();
    if (typeof next === 'string') texts.push(next);
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof Map) queue.push(...[...next].flat());
    else if (next instanceof Set) queue.push(...next);
    queue.push(...Object.keys(next), ...Object.values(next));
  }
  return texts.join('\n');
}

describe('secrecy', () => {
  const line = new CommandLine();
  after(() => line.dispose());

  it('of facts, mesh and findings', () => {
    let found = 0;
    fc.assert(
      fc.property(secrets, shape, (values, form) => {
        const text = manifests(values, form);
        const logged: unknown[] = [];
        const engine = new Engine({
          configFile: '.ambient-multicluster.yaml',
          today: '2026-11-24',
          onFailure: (...failure) => logged.push(failure),
        });
        const files = Object.entries({ ...CORRECT, 'clusters/west/secrets.yaml': text });
        const snapshot = engine.apply(files.map(([file, content]) => ({ file, text: content })));
        found += snapshot.findings.length;
        const objects = snapshot.meshes.flatMap((mesh) => mesh.clusters.map(({ id }) => mesh.objects(id, 'Secret')));
        const fixes = snapshot.findings.flatMap((finding) => finding.fixes().map((fix) => fix.edits()));
        const { documents, ...rest } = snapshot;
        assertNone(values, text, 'the snapshot', everything([rest, objects, fixes, logged], [documents]));
      }),
      { numRuns: 60 },
    );
    assert.ok(found > 30, `${found} findings`);
  });

  const COMMANDS = [
    ...['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit'].map((format) => [
      'check',
      '--min-severity',
      'hint',
      '--format',
      format,
    ]),
    ...['markdown', 'json'].map((format) => ['report', '--format', format]),
    ...['text', 'json'].map((format) => ['clusters', '--format', format]),
  ];

  const EFFECTIVE = ['yaml', 'json'].flatMap((format) => [
    ['effective', '--cluster', 'west', '--origin', '--format', format],
    ['effective', '--overlay', 'clusters/west/overlay', '--origin', '--format', format],
  ]);

  it('of every format, and of standard error', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, shape, async (values, form) => {
        const overlay = Object.entries(secretOverlay(values)).map(([file, made]) => [
          `clusters/west/overlay/${file}`,
          made,
        ]);
        for (const [commands, sealed] of [
          [COMMANDS, true],
          [EFFECTIVE, false],
        ] as const) {
          const text = manifests(values, form, sealed);
          line.write({ ...CORRECT, ...Object.fromEntries(overlay), 'clusters/west/secrets.yaml': text });
          for (const command of commands) {
            const { out, err, status } = await line.run(...command);
            assert.ok(status < 2, `${command.join(' ')}: ${err}`);
            assertNone(values, text, command.join(' '), out + err);
          }
        }
      }),
      { numRuns: 8 },
    );
  });
});
