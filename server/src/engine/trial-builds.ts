/** What kustomize makes of files once they have other texts, compared with what it makes of them now. */
import type { DocumentId } from '../base/anchor.ts';
import { untracked } from '../base/incremental.ts';
import { folderOf, lastSegment } from '../base/relative-path.ts';
import type { DeployFile, DeployFiles } from '../deploy/deploy-files.ts';
import type { BuiltObject, KustomizeBuild, ObjectId } from '../deploy/kustomize/build-result.ts';
import { type KustomizeBuilds, kustomizeBuilds } from '../deploy/kustomize/kustomize-builds.ts';
import type { Node } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { resolveYaml11 } from '../yaml/scalar.ts';
import { splitDocuments } from '../yaml/split.ts';

/** @returns the builds of folders where files have these texts; nothing of it is remembered */
export function trialBuilds(files: DeployFiles, texts: ReadonlyMap<string, string>): KustomizeBuilds {
  let lastId = 0;
  const changed = new Map<string, DeployFile>();
  for (const [file, text] of texts) {
    // Documents that no table knows have ids that none gives.
    const documents = splitDocuments(text).map((slice) => {
      const { root, problems } = parseDocument(slice.text);
      return { id: --lastId as DocumentId, root, broken: problems.length > 0 };
    });
    changed.set(file, { text, documents: () => documents });
  }
  const edited: DeployFiles = {
    file: (path) => changed.get(path) ?? untracked(() => files.file(path)),
    isFolder: (path) =>
      untracked(() => files.isFolder(path)) || [...changed.keys()].some((file) => isBelow(file, path)),
    children: (folder) => untracked(() => childrenOf(files, folder, changed)),
  };
  return kustomizeBuilds(edited);
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

/** True if kustomize refuses something that it took before. */
export function isRefusedNow(before: KustomizeBuild, after: KustomizeBuild): boolean {
  const known = new Set(before.problems.map(({ class: kind, message }) => `${kind} ${message}`));
  return after.problems.some(({ class: kind, message }) => !known.has(`${kind} ${message}`));
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
