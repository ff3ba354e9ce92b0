// Measures how soon an editor shows what was found in a workspace the last time, when it is opened again and nothing has changed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LanguageClient } from './language-client.mjs';
import { runNode } from './processes.mjs';
import { median } from './statistics.mjs';

const READ_TREE = fileURLToPath(new URL('read-tree.mjs', import.meta.url));

/** Starts a server, which keeps what it finds in `cache`; gives the milliseconds from its start to the first diagnostics of most files. */
async function start(program, tree, cache, expected) {
  const client = new LanguageClient(program, tree, [], { XDG_CACHE_HOME: cache });
  const told = new Map();
  client.onPublish = ({ uri }) => told.has(uri) || told.set(uri, performance.now() - client.started);
  await client.initialize();
  if (expected === undefined) await client.settled();
  else while (told.size < expected) await new Promise((resolve) => setTimeout(resolve, 5));
  await client.stop();
  return { files: told.size, shown: Math.max(...told.values()) };
}

/** @returns milliseconds (medians) until all findings of the last time are told, and of reading and hashing the tree in the same run */
export async function measureWarmStart(program, tree, rounds) {
  const cache = mkdtempSync(join(tmpdir(), 'ambient-multicluster-cache-'));
  try {
    const { files } = await start(program, tree, cache);
    const [shown, read] = [[], []];
    for (let round = 0; round < rounds; round++) {
      read.push(runNode([READ_TREE, tree]).wall);
      shown.push((await start(program, tree, cache, files)).shown);
    }
    return { shown: median(shown), read: median(read) };
  } finally {
    rmSync(cache, { recursive: true });
  }
}
