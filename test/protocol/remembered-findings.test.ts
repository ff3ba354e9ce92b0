/** What was found in a folder the last time is told at once when it is opened again, if nothing has changed. */
import assert from 'node:assert/strict';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import type { Files } from '../../server/src/host/ports.ts';
import type { Platform } from '../../server/src/lsp/platform.ts';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { clusters, RULE, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, openAgain, openEditor } from './editor.ts';

const WEST = sampleFile('west');
const FOLDER = clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' });

/** A machine that keeps what it is given, and on which nothing is concluded while it is held. */
class Machine {
  readonly kept = new Map<string, string>();
  /** How often a folder was read to its end. */
  readings = 0;
  readonly platform: Partial<Platform> = {
    host: {
      ...nodeHost,
      files: this.files(),
      cache: {
        get: async (name) => this.kept.get(name),
        set: async (name, text) => {
          this.kept.set(name, text);
        },
      },
    },
    nextTurn: async () => {
      await this.held;
      await new Promise(setImmediate);
    },
  };
  private held: Promise<void> = Promise.resolve();

  /** Nothing is concluded until the result is called. */
  hold(): () => void {
    let letGo = (): void => {};
    this.held = new Promise((resolve) => {
      letGo = resolve;
    });
    return letGo;
  }

  private files(): Files {
    const workspace: Files['workspace'] = (root, options) => this.workspace(root, options);
    return { ...nodeHost.files, workspace };
  }

  private async *workspace(...args: Parameters<Files['workspace']>): ReturnType<Files['workspace']> {
    yield* nodeHost.files.workspace(...args);
    this.readings++;
  }
}

/** Waits until the folder has been read once more, and for everything that is told without a conclusion. */
async function afterReading(machine: Machine, editor: Editor, readings: number): Promise<void> {
  while (machine.readings < readings) await new Promise(setImmediate);
  for (let turn = 0; turn < 20; turn++) await editor.connection.sendRequest(METHODS.rules, null);
}

describe('remembered findings', () => {
  let machine: Machine;
  let first: Editor;
  let told: readonly (readonly [string, unknown])[];
  beforeEach(async () => {
    machine = new Machine();
    first = await openEditor(FOLDER, { platform: machine.platform });
    told = [...first.diagnostics].sort();
    assert.equal(first.found(WEST, RULE).length, 1);
    assert.equal(machine.readings, 1);
  });
  afterEach(closeEditors);

  it('are told before anything is concluded, and read nothing twice', async () => {
    const letGo = machine.hold();
    const again = await openAgain(first, { platform: machine.platform });
    await afterReading(machine, again, 2);
    assert.deepEqual([...again.diagnostics].sort(), told);
    const publications = again.publications.length;
    letGo();
    await again.settle();
    assert.deepEqual([...again.diagnostics].sort(), told);
    assert.equal(again.publications.length, publications, 'what is known is not told again');
    assert.equal(machine.readings, 2);
  });

  it('hold no text of a manifest', () => {
    const texts = [...machine.kept.values()].join('\n');
    assert.ok(texts.includes(RULE));
    assert.ok(!texts.includes('apiVersion') && !texts.includes('# decides'), texts);
  });

  const CHANGES: readonly (readonly [string, (editor: Editor) => void])[] = [
    ['a file has changed', (editor) => editor.write(WEST, `${FOLDER[WEST]}\n`)],
    ['a file has come', (editor) => editor.write('clusters/west/more.yaml', 'a: 1\n')],
    ['a file has gone', (editor) => editor.remove(WEST)],
    ['there is a configuration now', (editor) => editor.write('.ambient-multicluster.yaml', 'rules: {}\n')],
  ];
  for (const [what, change] of CHANGES) {
    it(`are not told if ${what}`, async () => {
      change(first);
      const letGo = machine.hold();
      const again = await openAgain(first, { platform: machine.platform });
      await afterReading(machine, again, 2);
      assert.deepEqual([...again.diagnostics], []);
      letGo();
      await again.settle();
    });
  }

  it('are not told if the settings are others', async () => {
    const settings = { rules: { [RULE]: 'off' } };
    const again = await openAgain(first, { platform: machine.platform, settings });
    await again.settle();
    assert.deepEqual([...again.diagnostics.keys()].sort(), [], 'nothing was told and taken back');
  });

  it('are not what another program left in their place', async () => {
    const [name = ''] = machine.kept.keys();
    for (const text of ['not json', 'null', '{}', '{"reads":[["bogus"]],"seen":{},"told":[]}']) {
      machine.kept.set(name, text);
      const again = await openAgain(first, { platform: machine.platform });
      await again.settle();
      assert.equal(again.found(WEST, RULE).length, 1, text);
    }
  });

  it('are those of what is on disk, not of what is typed', async () => {
    await first.open(WEST, FOLDER[WEST] ?? '');
    await first.type(WEST, 'wp', 'waypoint');
    await first.settle();
    assert.deepEqual(first.found(WEST, RULE), []);
    const again = await openAgain(first, { platform: machine.platform });
    await again.settle();
    assert.equal(again.found(WEST, RULE).length, 1);
  });

  it('go when what is open differs from them', async () => {
    const again = await openAgain(first, { platform: machine.platform });
    await again.open(WEST, (FOLDER[WEST] ?? '').replaceAll('wp', 'waypoint'));
    await again.settle();
    assert.deepEqual(again.found(WEST, RULE), []);
    const third = await openAgain(first, { platform: machine.platform });
    await third.settle();
    assert.equal(third.found(WEST, RULE).length, 1);
  });
});
