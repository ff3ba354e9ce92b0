/** Guards the layers: who may import whom, and that everything below the engine is pure. */
import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { codeOnly, importsOf, type ProjectFile, sourceFiles } from './project-files.ts';

const BELOW_MESH = ['base', 'yaml', 'config', 'facts', 'deploy', 'layout'];
const BELOW_ENGINE = [...BELOW_MESH, 'mesh', 'rules', 'topology'];
const BELOW_DOORS = [...BELOW_ENGINE, 'engine', 'report'];

/** The layers that each layer may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: [],
  yaml: ['base'],
  config: ['base', 'yaml'],
  facts: ['base', 'yaml', 'config'],
  deploy: ['base', 'yaml', 'config', 'facts'],
  layout: ['base', 'yaml', 'config', 'facts', 'deploy'],
  mesh: BELOW_MESH,
  rules: [...BELOW_MESH, 'mesh'],
  topology: [...BELOW_MESH, 'mesh'],
  engine: BELOW_ENGINE,
  report: [...BELOW_ENGINE, 'engine'],
  host: ['base'],
  lsp: [...BELOW_DOORS, 'host'],
  cli: [...BELOW_DOORS, 'host'],
};

/** The parts of the engine: each may import those to its left. */
const ENGINE_PARTS = ['deployed', 'configuration', 'fixes', 'findings', 'faults'];

/** The command `server` starts the language server through this one file. */
const SERVER_COMMAND = 'server/src/lsp/start-server.ts';

/** All that the client knows of the server. */
const PROTOCOL = 'server/src/lsp/protocol.ts';

/** What would make a computation depend on more than its input, or hand control away in the middle of it. */
const IMPURE =
  /\b(Date|performance|Math\.random|crypto|async|await|Promise|setTimeout|setInterval|setImmediate|queueMicrotask|process|console)\b/g;

function layerOf(path: string): string {
  return /^server\/src\/([^/]+)\//.exec(path)?.[1] ?? 'client';
}

function isPure({ path }: ProjectFile): boolean {
  return BELOW_ENGINE.includes(layerOf(path));
}

/** The number of a part of the engine; undefined for what puts these together. */
function partOf(path: string): number | undefined {
  const index = ENGINE_PARTS.indexOf(/^server\/src\/engine\/([^/]+)\//.exec(path)?.[1] ?? '');
  return index < 0 ? undefined : index;
}

function mayImport(from: string, to: string): boolean {
  const [importer, imported] = [layerOf(from), layerOf(to)];
  const [part, other] = [partOf(from), partOf(to)];
  if (part !== undefined && other !== undefined && part < other) return false;
  if (importer === imported) return true;
  if (importer === 'client') return to === PROTOCOL;
  if (importer === 'cli' && to === SERVER_COMMAND) return true;
  return MAY_IMPORT[importer]?.includes(imported) ?? false;
}

describe('layers', () => {
  it('are those we know', () => {
    const known = new Set([...Object.keys(MAY_IMPORT), 'client']);
    const unknown = sourceFiles().filter(({ path }) => !known.has(layerOf(path)));
    assert.deepEqual(
      unknown.map(({ path }) => path),
      [],
    );
  });

  it('import only layers to their left', () => {
    const wrong = sourceFiles().flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(file.path), specifier))
        .filter((target) => target.startsWith('server/') || target.startsWith('client/'))
        .filter((target) => !mayImport(file.path, target))
        .map((target) => `${file.path} imports ${target}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('below the engine know neither Node nor VS Code', () => {
    const wrong = sourceFiles()
      .filter(isPure)
      .flatMap((file) =>
        importsOf(file)
          .filter((specifier) => /^(node:|vscode)/.test(specifier))
          .map((specifier) => `${file.path} imports ${specifier}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('below the engine have no clock, no chance and no waiting', () => {
    const wrong = sourceFiles()
      .filter(isPure)
      .flatMap((file) => [...codeOnly(file).matchAll(IMPURE)].map(([word]) => `${file.path} uses ${word}`));
    assert.deepEqual(wrong, []);
  });

  it('say the ending of what they import', () => {
    const wrong = sourceFiles().flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.') && !/\.(ts|json|md)$/.test(specifier))
        .map((specifier) => `${file.path} imports ${specifier}`),
    );
    assert.deepEqual(wrong, []);
  });
});
