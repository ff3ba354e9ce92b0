/** Runs the command line in this process, over a folder that is made for the test. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../server/src/cli/io.ts';
import { run } from '../../server/src/cli/run.ts';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import type { Host } from '../../server/src/host/ports.ts';
import { forTerminal, plainStart } from '../../server/src/report/plain-text.ts';

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** The same as a terminal gets it. */
  readonly shown: string;
  readonly shownErrors: string;
}

export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'command-line-'));
  host: Host = nodeHost;
  stdin = '';
  env: Readonly<Record<string, string>> = {};
  terminal = false;
  served = 0;

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      writeFileSync(join(this.folder, file), text);
    }
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  async run(...argv: readonly string[]): Promise<Outcome> {
    let out = '';
    let err = '';
    let shown = '';
    let shownErrors = '';
    const io: Io = {
      cwd: this.folder,
      env: this.env,
      host: this.host,
      terminal: this.terminal,
      out: (text, painted = false) => {
        out += text;
        shown += forTerminal(text, painted);
      },
      err: (line) => {
        err += `${line}\n`;
        shownErrors += `${plainStart(line)}\n`;
      },
      readStdin: async () => this.stdin,
      rulePage: async (rule) => `# ${rule}\n`,
      serve: async () => {
        this.served++;
      },
    };
    const status = await run(argv, io);
    return { status, out, err, shown, shownErrors };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
