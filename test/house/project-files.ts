/** Reads the project's own files for the house tests, which run in the project's folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** A file of the project: its path relative to the project with `/`, and its text. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

/** The folders that hold what people write; golden data is made by other programs. */
const FOLDERS = ['.ci', 'client', 'docs', 'examples', 'scripts', 'server', 'syntaxes', 'test'];
const NOT_OURS = /^test\/golden\//;
const TEXT = new Set(['', '.cjs', '.json', '.md', '.mjs', '.ts', '.yaml', '.yml']);

function pathsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? pathsBelow(path) : [path];
  });
}

/** At the top, made by programs: in a worktree of git, `.git` is a file. */
const MADE: ReadonlySet<string> = new Set(['package-lock.json', '.git']);

/** Every text file that people write, at the top and below `FOLDERS`; without the lock file. */
export function projectFiles(): readonly ProjectFile[] {
  const top = readdirSync('.', { withFileTypes: true })
    .filter((entry) => entry.isFile() && !MADE.has(entry.name))
    .map((entry) => entry.name);
  const present = FOLDERS.filter((folder) => readdirSync('.').includes(folder));
  return [...top, ...present.flatMap(pathsBelow)]
    .filter((path) => TEXT.has(extname(path)) && !NOT_OURS.test(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** Every file with code of ours. */
export function codeFiles(): readonly ProjectFile[] {
  return projectFiles().filter(({ path }) => /\.(ts|mjs|cjs)$/.test(path));
}

/** Every source file of the product: the server and the client. */
export function sourceFiles(): readonly ProjectFile[] {
  return codeFiles().filter(({ path }) => /^(server|client)\/src\/.*\.ts$/.test(path));
}

/** What a module imports, types included: the specifiers as they are written. */
export function importsOf({ text }: ProjectFile): readonly string[] {
  const statements = text.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*'([^']+)'|^\s*import\s*'([^']+)'/gm);
  const expressions = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [...statements, ...expressions].map((match) => match[1] ?? match[2] ?? '');
}

/** The code without its comments and its literal texts, which may speak of anything. */
export function codeOnly({ text }: ProjectFile): string {
  const prose = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(prose, "''");
}
