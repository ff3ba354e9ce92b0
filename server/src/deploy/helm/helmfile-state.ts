/**
 * What the text of a helmfile comes to in one of its environments: its documents are templates, each of which knows the values of those
 * before it, and its bases lie below them (helmfile `pkg/app/desired_state_file_loader.go`, `pkg/state/create.go`).
 */
import { type Anchor, documentAnchor } from '../../base/anchor.ts';
import { folderOf, inFolder, lastSegment } from '../../base/relative-path.ts';
import { type Copied, mergeValues } from '../../facts/install/merge-values.ts';
import { isHelmfileName } from '../../yaml/classify.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { type Allowance, countedIn } from '../bounded-text.ts';
import type { DeployFile, DeployFiles } from '../deploy-files.ts';
import type { UnknownPart } from '../deployment.ts';
import { goGlob } from '../go-glob.ts';
import { madeAt, madeMap, madeScalar } from '../made-nodes.ts';
import { textAt, writtenText } from '../read-text.ts';
import { joinPath } from '../repository-path.ts';
import type { Render } from '../templates/fill.ts';
import { documentsToFill, filledDocuments } from '../templates/filled-file.ts';
import { renderGoTemplate } from '../templates/go-template.ts';
import type { NamedPath } from '../unit.ts';
import { addLayer } from './templated-values.ts';
import { ValuesStack } from './values-stack.ts';

/** A helmfile that lies below another one, and what that one says of it. */
export interface HelmfileParent {
  readonly file: string;
  readonly kind: 'base' | 'nested';
  readonly entry: Cursor;
}

/** What a helmfile comes to in one environment. */
export interface HelmfileState {
  /** Its documents and those of its bases in order; later ones count before earlier ones. */
  readonly parts: readonly Cursor[];
  /** What templates of it, and of its values, may speak of. */
  readonly params: Cursor;
  /** True if values of the environment are not in sight. */
  readonly open: boolean;
  readonly kubeContext: Cursor | undefined;
  /** The files of values that the environment names. */
  readonly names: readonly NamedPath[];
  readonly unknown: readonly UnknownPart[];
}

/** Names that templates may speak of beside the values, and that are told when helmfile runs. */
const TOLD_LATER = ['Namespace', 'KubeContext', 'Chart', 'Release', 'HelmfileCommand'];

/** What templates may speak of. */
export function helmfileParams(name: string, at: Anchor, values: Cursor | undefined, context?: Cursor): Cursor {
  const scalar = (text: string): Cursor => madeAt(madeScalar(text, at), at);
  const none = madeAt({ type: 'map', flow: false, entries: [], start: 0, end: 0, origin: at }, at);
  const parts: [string, Cursor][] = TOLD_LATER.map((later) => [later, scalar(`{{${later}}}`)]);
  const environment: [string, Cursor][] = [['Name', scalar(name)]];
  environment.push(['KubeContext', context ?? scalar('{{KubeContext}}')], ['Values', values ?? none]);
  parts.push(['Environment', madeAt(madeMap(environment, at), at)]);
  for (const key of ['Values', 'StateValues']) parts.push([key, values ?? none]);
  return madeAt(madeMap(parts, at), at);
}

export function helmfileRender(params: Cursor, open: boolean, allowance: Allowance): Render {
  return (text) => renderGoTemplate(text, params, open, allowance);
}

/** What is told where there is more than is read. */
export const TOO_LARGE = 'what the helmfile comes to: it is too large';

/** Reads the helmfile of one environment. */
export class HelmfileReader {
  private readonly parts: Cursor[] = [];
  private readonly unknown: UnknownPart[] = [];
  private readonly defaults: ValuesStack;
  private readonly values: ValuesStack;
  private kubeContext: Cursor | undefined;
  /** What templates may speak of by now; made when one asks. */
  private made: Cursor | undefined;
  private isCut = false;
  private readonly copied: Copied;
  private readonly render: Render = (text) => helmfileRender(this.params, this.open, this.allowance)(text);

  /**
   * @param name of the environment
   * @param over values that a helmfile above gives it
   */
  constructor(
    private readonly file: string,
    private readonly name: string,
    private readonly at: Anchor,
    private readonly files: DeployFiles,
    private readonly allowance: Allowance,
    private readonly over: ValuesStack | undefined,
  ) {
    this.copied = countedIn(allowance);
    this.defaults = new ValuesStack(at, this.copied);
    this.values = new ValuesStack(at, this.copied);
  }

  read(found: DeployFile): HelmfileState {
    this.document(found, true);
    return {
      parts: this.parts,
      params: this.params,
      open: this.open,
      kubeContext: this.kubeContext,
      names: [...(this.over?.named ?? []), ...this.values.named],
      unknown: this.unknown,
    };
  }

  private get open(): boolean {
    return [this.defaults, this.values, this.over].some((stack) => stack?.open === true);
  }

  private get params(): Cursor {
    if (this.made === undefined) {
      const own = mergeValues(this.defaults.values, this.values.values, this.copied);
      const values = mergeValues(own, this.over?.values, this.copied);
      this.made = helmfileParams(this.name, this.at, values, this.kubeContext);
    }
    return this.made;
  }

  /** True once there is more than is read; it is told, and what would follow is unknown. */
  private isTooLarge(at: Anchor): boolean {
    if (this.allowance.isSpent && !this.isCut) {
      this.isCut = true;
      this.unknown.push({ at, what: TOO_LARGE });
      this.addMissing();
    }
    return this.isCut;
  }

  private addMissing(): void {
    this.values.addMissing();
    this.made = undefined;
  }

  private document(found: DeployFile, hasBases: boolean): void {
    this.allowance.take(found.text.length);
    for (const { id, fill } of documentsToFill(found, this.allowance)) {
      const at = documentAnchor(id);
      if (this.isTooLarge(at)) return;
      const part = fill(this.render);
      if (part === undefined) {
        this.unknown.push({ at, what: 'what the template comes to' });
        continue;
      }
      if (hasBases) for (const base of items(get(part, 'bases'))) this.base(base);
      this.take(part);
    }
  }

  /** The paths in a base count from the helmfile that names it. */
  private base(entry: Cursor): void {
    if (this.isTooLarge(entry.at)) return;
    const path = joinPath(folderOf(this.file), writtenText(entry) ?? '');
    const found = path === undefined || path.includes('{{') ? 'missing' : this.files.file(path);
    if (found === 'missing' || found === 'unread') {
      this.unknown.push({ at: entry.at, what: `the base ${writtenText(entry) ?? ''}` });
      this.addMissing();
    } else this.document(found, false);
  }

  private take(part: Cursor): void {
    const context = {
      folder: folderOf(this.file),
      files: this.files,
      allowance: this.allowance,
      unknown: this.unknown,
    };
    const own = get(part, 'environments', this.name);
    const layer = (stack: ValuesStack, entry: Cursor): void => {
      if (this.isTooLarge(entry.at)) return;
      addLayer(stack, entry, {
        ...context,
        render: this.render,
        isOptional: [own, part].some((one) => isOptional(one)),
        called: 'the values of the environment in',
      });
      this.made = undefined;
    };
    for (const entry of items(get(part, 'values'))) layer(this.defaults, entry);
    for (const entry of items(get(own, 'values'))) layer(this.values, entry);
    for (const entry of items(get(own, 'secrets'))) {
      this.unknown.push({ at: entry.at, what: `the secrets of the environment in ${writtenText(entry) ?? ''}` });
      this.addMissing();
    }
    this.made = undefined;
    this.kubeContext = get(own, 'kubeContext') ?? this.kubeContext;
    this.parts.push(part);
  }
}

/** True where a file of values may be missing. */
export function isOptional(stated: Cursor | undefined): boolean {
  const handler = textAt(stated, 'missingFileHandler');
  return handler !== undefined && handler !== 'Error';
}

/** The environments that a helmfile and its bases name, with where they do. */
export function environmentsOf(
  file: string,
  files: DeployFiles,
  allowance: Allowance,
  isBase = false,
): ReadonlyMap<string, Cursor> {
  const found = files.file(file);
  const named = new Map<string, Cursor>();
  for (const part of found === 'missing' || found === 'unread' ? [] : partsOf(found, allowance)) {
    for (const base of isBase ? [] : items(get(part, 'bases'))) {
      const path = joinPath(folderOf(file), writtenText(base) ?? '');
      if (path === undefined) continue;
      for (const [name, at] of environmentsOf(path, files, allowance, true)) named.set(name, at);
    }
    for (const [name, at] of entries(get(part, 'environments'))) named.set(name, at);
  }
  return named;
}

/** Its documents without an environment: those that need one are left out. */
function partsOf(found: DeployFile, allowance: Allowance): readonly Cursor[] {
  const at = documentAnchor(found.documents()[0]?.id ?? (0 as Anchor['doc']));
  const values = madeAt(madeScalar('{{Values}}', at), at);
  const render = helmfileRender(helmfileParams('{{Environment}}', at, values), true, allowance);
  return filledDocuments(found, render, allowance).filter((part) => part !== undefined);
}

/** The helmfile in a folder above, or beside it, that names a file as a base or as one below it. */
export function parentOf(file: string, files: DeployFiles, allowance: Allowance): HelmfileParent | undefined {
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    for (const { name, folder: isFolder } of files.children(folder)) {
      const path = inFolder(folder, name);
      if (isFolder || path === file || !isHelmfileName(path)) continue;
      const found = files.file(path);
      for (const part of found === 'missing' || found === 'unread' ? [] : partsOf(found, allowance)) {
        for (const kind of ['base', 'nested'] as const) {
          const entry = items(get(part, kind === 'base' ? 'bases' : 'helmfiles')).find((one) =>
            means(one, folder, file),
          );
          if (entry !== undefined) return { file: path, kind, entry };
        }
      }
    }
    if (folder === '') return undefined;
  }
}

/** True if an entry names the file, or a folder in which helmfile finds it. */
function means(entry: Cursor, folder: string, file: string): boolean {
  const written = entry.node.type === 'map' ? textAt(entry, 'path') : writtenText(entry);
  const path = written === undefined ? undefined : joinPath(folder, written);
  if (path === undefined || path === '') return false;
  const matches = goGlob(path, { crossSlashes: false });
  return matches(file) || (matches(folderOf(file)) && /^helmfile\./.test(lastSegment(file)));
}
