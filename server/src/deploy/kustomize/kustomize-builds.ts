/** `kustomize build` of any folder, in process: computed once for each kustomization, and again only when what it read changes. */
import { documentAnchor } from '../../base/anchor.ts';
import { family } from '../../base/incremental.ts';
import type { DeployFiles } from '../deploy-files.ts';
import type { BuiltObject, DeletedObject, KustomizeBuild } from './build-result.ts';
import { type Accumulated, Draft } from './draft.ts';
import { asBuilt, finish } from './finish.ts';
import { accumulate, namedSchema, type World } from './gather.ts';
import { includedFolders } from './included-folders.ts';
import { findKustomization } from './kustomization-file.ts';
import type { SchemaOf } from './merge-schema.ts';
import { writtenSchemas } from './openapi-schema.ts';

/** Gives the build of a folder. Bases that several builds share are evaluated once. */
export interface KustomizeBuilds {
  (folder: string): KustomizeBuild;
  /** What the kustomization of a folder amounts to where others include it. @param schema the file of schemas in force, or '' */
  accumulated(folder: string, schema: string): Accumulated;
}

const KEY = '\n';

/** @param known what kustomizations amount to, where that need not be found out: of files that are as they were */
export function kustomizeBuilds(
  files: DeployFiles,
  known: (folder: string, schema: string) => Accumulated | undefined = () => undefined,
): KustomizeBuilds {
  const folders = includedFolders(files);
  const schemas = family((file): SchemaOf => {
    const content = files.file(file);
    return writtenSchemas(typeof content === 'string' ? undefined : content.documents()[0]?.root);
  });
  const accumulated = family((key): Accumulated => {
    const [folder = '', schema = ''] = key.split(KEY);
    return known(folder, schema) ?? accumulate(world, folder, schema);
  });
  const world: World = {
    files,
    folders,
    schemas,
    accumulated: (folder, schema) => accumulated(folder + KEY + schema),
  };
  return Object.assign(
    family((folder: string) => build(world, folder)),
    { accumulated: world.accumulated },
  );
}

/** More kustomizations than these in one build are evaluated from the inside out, so that no depth of theirs is a depth of calls. */
const FEW = 40;

function evaluateInner(world: World, folder: string): void {
  const all = world.folders.all(folder);
  if (all === undefined || all.size <= FEW) return;
  const found = findKustomization(world.files, folder);
  const schema = found.type === 'found' ? (namedSchema(found.kustomization) ?? '') : '';
  const entered = new Set([folder]);
  const open = [{ at: folder, children: [...world.folders.direct(folder)] }];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const child = top.children.pop();
    if (child === undefined) {
      open.pop();
      if (top.at !== folder) world.accumulated(top.at, schema);
    } else if (!entered.has(child)) {
      entered.add(child);
      open.push({ at: child, children: [...world.folders.direct(child)] });
    }
  }
}

function build(world: World, folder: string): KustomizeBuild {
  evaluateInner(world, folder);
  const gathered = world.accumulated(folder, '');
  const found = findKustomization(world.files, folder);
  const draft = new Draft(world.files);
  draft.takeNotes(gathered);
  if (found.type === 'unread') draft.miss(folder, undefined, 'unread');
  draft.resources = gathered.resources;
  draft.fields = gathered.fields;
  draft.variables = gathered.variables;
  let objects: readonly BuiltObject[] = [];
  let deleted: readonly DeletedObject[] = [];
  if (found.type === 'found') {
    const { kustomization } = found;
    draft.step(folder, documentAnchor(kustomization.doc), () => {
      objects = draft.during('change', () => finish(draft, kustomization, world.files));
      deleted = gathered.dropped.map(({ resource, by }) => ({ object: asBuilt(resource), by }));
    });
  }
  const { problems, unknown, idle, isOpen, includes, uses, helmCharts } = draft.result();
  return {
    folder,
    objects,
    problems,
    unknown,
    idle,
    deleted,
    isOpen,
    includes: [...includes].sort(),
    uses: [...uses].sort(),
    helmCharts,
  };
}
