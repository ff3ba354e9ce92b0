/** Tells of what kustomizations need that lies outside of the paths of the command line. */
import { relative, resolve, sep } from 'node:path';
import { remember } from '../base/remember.ts';
import { counted, listed } from '../rules/shared/wording.ts';
import type { Io } from './io.ts';
import type { OpenWorld } from './open-world.ts';
import type { ParsedArgs } from './parse-args.ts';

/** One line for each place; what is not there either is kustomize's business. */
export async function tellBeyond({ engine, root }: OpenWorld, args: ParsedArgs, io: Io): Promise<void> {
  if (args.values.has('quiet')) return;
  const byPath = new Map<string, string[]>();
  for (const { file, path } of engine.beyond) remember(byPath, resolve(root, path), (): string[] => []).push(file);
  const present: string[] = [];
  for (const path of byPath.keys()) if ((await io.host.files.kind(path)) !== undefined) present.push(path);
  if (present.length === 0) return;
  const files = new Set(present.flatMap((path) => byPath.get(path) ?? []));
  const names = present.map((path) => relative(io.cwd, path).split(sep).join('/') || '.').sort();
  const [is, it, lies] = names.length === 1 ? ['is', 'it', 'it lies'] : ['are', 'them', 'they lie'];
  const needing = counted(files.size, 'kustomization needs', 'kustomizations need');
  io.err(`${listed(names)} ${is} not read: ${lies} outside of the paths, and ${needing} ${it}. Name ${it}, too.`);
}
