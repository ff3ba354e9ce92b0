/** Layers of values as helmfile names them: a map, a file, or a template of one. */
import { isKnown } from '../../facts/field.ts';
import type { Cursor } from '../../yaml/read.ts';
import type { Allowance } from '../bounded-text.ts';
import type { DeployFiles } from '../deploy-files.ts';
import type { UnknownPart } from '../deployment.ts';
import { openValues } from '../open-values.ts';
import { writtenField, writtenText } from '../read-text.ts';
import { isAddress, joinPath } from '../repository-path.ts';
import { filesLike, filesMatching } from '../templated-path.ts';
import type { Render } from '../templates/fill.ts';
import { filledDocuments } from '../templates/filled-file.ts';
import { type LayerFile, readLayer } from './local-chart.ts';
import type { ValuesStack } from './values-stack.ts';

export interface LayerContext {
  /** From which paths count. */
  readonly folder: string;
  readonly files: DeployFiles;
  /** How templates of values are filled. */
  readonly render: Render;
  readonly allowance: Allowance;
  /** True if a file that is not there is left out. */
  readonly isOptional: boolean;
  /** What a layer that cannot be read is told as, before its path. */
  readonly called: string;
  readonly unknown: UnknownPart[];
}

/** Lays what an entry of `values` says upon what is there. */
export function addLayer(stack: ValuesStack, entry: Cursor, context: LayerContext): void {
  if (entry.node.type === 'map') {
    stack.add(entry);
    return;
  }
  const path = writtenField(entry);
  const target = isKnown(path) ? inCheckout(context.folder, path.value) : undefined;
  const matched = target === undefined ? [] : filesMatching(context.files, target);
  for (const one of matched.length === 0 ? [target] : matched) addFile(stack, entry, one, context);
}

function addFile(stack: ValuesStack, entry: Cursor, target: string | undefined, context: LayerContext): void {
  const { folder, files, isOptional, called, unknown } = context;
  const layer = target === undefined ? 'missing' : readTemplated(target, context);
  if (layer === 'missing' && target !== undefined && isOptional) {
    if (isPlain(target)) stack.addFile(undefined, target, entry.at, writtenText(entry) ?? '');
    return;
  }
  if (layer === 'missing' || layer === 'unread') {
    const written = writtenText(entry) ?? '';
    const isLacking = layer === 'missing' && target !== undefined;
    const lacks = { kind: 'values', tool: 'helmfile', written, path: target ?? '', repository: undefined } as const;
    const opens = openValues(written, folder, '', files);
    unknown.push({ at: entry.at, what: `${called} ${written}`, ...(isLacking ? { lacks } : {}), opens });
    stack.addMissing(target === undefined ? filesLike(files, folder, written) : []);
  } else if (isPlain(layer.file)) stack.addFile(layer.root, layer.file, entry.at);
  else stack.add(layer.root, layer.file);
}

/** Where a file is that helmfile takes; undefined for one at an address, or elsewhere on the machine, as of an absolute path. */
function inCheckout(folder: string, path: string): string | undefined {
  return isAddress(path) || path.startsWith('/') ? undefined : joinPath(folder, path);
}

/** False for a template, into which no values are written. */
function isPlain(path: string): boolean {
  return !path.endsWith('.gotmpl');
}

function readTemplated(path: string, { files, render, allowance }: LayerContext): LayerFile | 'missing' {
  if (isPlain(path)) return readLayer(files, path);
  const found = files.file(path);
  if (found === 'missing' || found === 'unread') return found;
  const [first, ...others] = filledDocuments(found, render, allowance);
  if (others.length > 0 || (first === undefined && found.text.trim() !== '')) return 'unread';
  return { file: path, root: first };
}
