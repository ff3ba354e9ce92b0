/** What kustomize makes of files once they have other texts, compared with what it makes of them now. */
import type { DocumentId } from '../../base/anchor.ts';
import { untracked } from '../../base/incremental.ts';
import { folderOf, lastSegment } from '../../base/relative-path.ts';
import { addTo } from '../../base/remember.ts';
import type { DeployDocument, DeployFile, DeployFiles } from '../../deploy/deploy-files.ts';
import type { FolderSource } from '../../deploy/deployment.ts';
import { allowed, editedBuild, isEdited } from '../../deploy/edited-kustomization.ts';
import type { BuiltObject, KustomizeBuild, ObjectId } from '../../deploy/kustomize/build-result.ts';
import type { Accumulated } from '../../deploy/kustomize/draft.ts';
import { KUSTOMIZATION_NAMES } from '../../deploy/kustomize/kustomization-file.ts';
import { type KustomizeBuilds, kustomizeBuilds } from '../../deploy/kustomize/kustomize-builds.ts';
import type { Node } from '../../yaml/node.ts';
import { brokenAs, parseDocument } from '../../yaml/parse.ts';
import { rootCursor } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { splitDocuments } from '../../yaml/split.ts';

/** A folder that a tool edits before it is built. */
export interface EditedSource {
  readonly source: FolderSource;
  /** The file of the object that tells of it. */
  readonly by: string;
}

/** What kustomize makes of a folder. */
export interface TrialBuild {
  (folder: string): KustomizeBuild;
  /** Undefined where what the tool makes of it cannot be tried. */
  (folder: string, edited: EditedSource | undefined): KustomizeBuild | undefined;
}

/** Tries what kustomize would make of other texts. What they leave as it is, is neither parsed nor evaluated again. */
export class TrialBuilds {
  /** Numbers of documents that were parsed and of kustomizations that were evaluated: a deterministic measure of work. */
  parsings = 0;
  evaluations = 0;
  private lastId = 0;
  private readonly known = new WeakMap<DeployFile, ReadonlyMap<string, readonly DeployDocument[]>>();

  /** @param present the builds of the files as they are */
  constructor(
    private readonly files: DeployFiles,
    private readonly present: KustomizeBuilds,
  ) {}

  /** @returns the builds of folders where files have these texts; nothing of it is remembered */
  with(texts: ReadonlyMap<string, string>): TrialBuild {
    const files = this.files;
    const present = this.present;
    if (texts.size === 0) return (folder: string) => untracked(() => present(folder));
    const changed = new Map<string, DeployFile>();
    const created: string[] = [];
    for (const [file, text] of texts) {
      const before = untracked(() => files.file(file));
      if (typeof before === 'string') created.push(file);
      const documents = this.documentsOf(typeof before === 'string' ? undefined : before, text);
      changed.set(file, { text, documents: () => documents });
    }
    const edited: DeployFiles = {
      file: (path) => changed.get(path) ?? untracked(() => fileOf(path, files)),
      isFolder: (path) =>
        untracked(() => files.isFolder(path)) || [...changed.keys()].some((file) => isBelow(file, path)),
      children: (folder) => untracked(() => childrenOf(files, folder, changed)),
      onFailure: files.onFailure,
    };
    const builds = kustomizeBuilds(edited, (folder, schema) => {
      const before = untracked(() => present.accumulated(folder, schema));
      if (isAsItWas(before, folder, schema, changed, created)) return before;
      this.evaluations++;
      return undefined;
    });
    const tried = (folder: string, one?: EditedSource): KustomizeBuild | undefined => {
      if (one === undefined) return builds(folder);
      const source = toldAgain(one, files, changed);
      return source && (isEdited(edited, source) ? editedBuild(edited, source) : allowed(source, builds(folder)));
    };
    return tried as TrialBuild;
  }

  /** The documents of a text that a file is to have: those that it has already are as they are, and the others are parsed. */
  private documentsOf(before: DeployFile | undefined, text: string): readonly DeployDocument[] {
    const known = before && this.documentsByText(before);
    const taken = new Map<string, number>();
    return splitDocuments(text).map((slice): DeployDocument => {
      const count = taken.get(slice.text) ?? 0;
      taken.set(slice.text, count + 1);
      return known?.get(slice.text)?.[count] ?? this.parse(slice.text);
    });
  }

  /** Documents that no table knows have ids that none gives. */
  private parse(text: string): DeployDocument {
    this.parsings++;
    const parsed = parseDocument(text);
    return { id: --this.lastId as DocumentId, root: parsed.root, broken: brokenAs(parsed) };
  }

  private documentsByText(file: DeployFile): ReadonlyMap<string, readonly DeployDocument[]> {
    const known = this.known.get(file);
    if (known !== undefined) return known;
    const byText = new Map<string, DeployDocument[]>();
    const documents = file.documents();
    const slices = splitDocuments(file.text);
    for (const [i, { text }] of slices.length === documents.length ? slices.entries() : []) {
      const document = documents[i] as DeployDocument;
      addTo(byText, text, document);
    }
    this.known.set(file, byText);
    return byText;
  }
}

/** A source as the edited files tell of it; undefined where they tell it in ways that are not followed. */
function toldAgain(
  { source, by }: EditedSource,
  files: DeployFiles,
  changed: ReadonlyMap<string, DeployFile>,
): FolderSource | undefined {
  const after = changed.get(by);
  if (after === undefined) return source;
  const before = untracked(() => files.file(by));
  const index = typeof before === 'string' ? -1 : before.documents().findIndex(({ id }) => id === source.at.doc);
  const { id, root } = after.documents()[index] ?? {};
  const told = id !== undefined && root !== undefined ? source.overlayOf?.(rootCursor(id, root)) : undefined;
  return told && { ...source, ...told };
}

/**
 * True if nothing that a kustomization, or one that it includes, rests on is among the edited files. Where something was not there, or could
 * not be known, a file that is new may be what was looked for; beside a kustomization it may be a second one.
 */
function isAsItWas(
  { uses, includes, problems, unknown }: Accumulated,
  folder: string,
  schema: string,
  changed: ReadonlyMap<string, DeployFile>,
  created: readonly string[],
): boolean {
  if (problems.length > 0 || unknown.length > 0 || changed.has(schema)) return false;
  const folders = new Set([folder, ...includes]);
  return !uses.some((file) => changed.has(file)) && !created.some((file) => folders.has(folderOf(file)));
}

/** Nobody is asked for a kustomization while builds are tried: one that is not seen in its folder is not there. */
function fileOf(path: string, files: DeployFiles): ReturnType<DeployFiles['file']> {
  const found = files.file(path);
  const name = KUSTOMIZATION_NAMES.find((one) => one === lastSegment(path));
  return found === 'unread' && name !== undefined && files.children(folderOf(path)).every((one) => one.name !== name)
    ? 'missing'
    : found;
}

function isBelow(file: string, folder: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`);
}

function childrenOf(
  files: DeployFiles,
  folder: string,
  changed: ReadonlyMap<string, DeployFile>,
): ReturnType<DeployFiles['children']> {
  const known = files.children(folder);
  const created = [...changed.keys()]
    .filter((file) => folderOf(file) === folder && !known.some(({ name }) => name === lastSegment(file)))
    .map((file) => ({ name: lastSegment(file), folder: false }));
  return created.length === 0 ? known : [...known, ...created].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** True if kustomize refuses something that it took before, or gives two objects of one name, as it does where a patch renames one. */
export function isRefusedNow(before: KustomizeBuild, after: KustomizeBuild): boolean {
  const known = new Set(before.problems.map(({ class: kind, message }) => `${kind} ${message}`));
  if (after.problems.some(({ class: kind, message }) => !known.has(`${kind} ${message}`))) return true;
  return twinsIn(after) > twinsIn(before);
}

/** The number of objects that have the name of another one. */
function twinsIn({ objects }: KustomizeBuild): number {
  const names = new Set(
    objects.map(({ current }) => [current.apiVersion, current.kind, current.namespace, current.name].join('\n')),
  );
  return objects.length - names.size;
}

/** True if the clusters get the same objects, wherever their fields come from. */
export function givesTheSame(before: KustomizeBuild, after: KustomizeBuild): boolean {
  const [a, b] = [before, after].map(({ objects }) => objects.map(contentOf).sort());
  return a?.length === b?.length && (a ?? []).every((content, i) => content === b?.[i]);
}

/** The object of a build that was written under a name. */
export function writtenAs({ objects }: KustomizeBuild, { kind, namespace, name }: ObjectId): BuiltObject | undefined {
  return objects.find(
    ({ original }) => original.kind === kind && original.namespace === namespace && original.name === name,
  );
}

const CONTENTS = new WeakMap<Node, string>();

function contentOf({ root }: BuiltObject): string {
  const known = CONTENTS.get(root);
  if (known !== undefined) return known;
  const content = JSON.stringify(dataOf(root));
  CONTENTS.set(root, content);
  return content;
}

/** A node as plain data, in an order of keys that does not depend on how it is written. */
export function dataOf(node: Node): unknown {
  if (node.type === 'scalar') return resolveYaml11(node);
  if (node.type === 'seq') return node.items.map(dataOf);
  const entries = node.entries.map(({ key, value }) => [key.text, dataOf(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
