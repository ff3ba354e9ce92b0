/** Gathers the objects of a kustomization: files, other kustomizations, what it generates, and its components' work on all that. */

import { documentAnchor } from '../../base/anchor.ts';
import { isWithin, resolvePath } from '../../base/relative-path.ts';
import { chartNamed, isIstioBase } from '../../facts/helm-values.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { asGenerator, loadPlugins, type Plugin } from './builtin-plugins.ts';
import { helmChartsOf } from './charts.ts';
import { readCrdFields } from './crd-fields.ts';
import type { FieldConfiguration } from './default-fields.ts';
import { type Accumulated, Draft } from './draft.ts';
import { mergeConfigurations, readConfiguration } from './field-configuration.ts';
import { absorbed, generate } from './generators.ts';
import type { IncludedFolders } from './included-folders.ts';
import { findKustomization, type Kustomization, list, type ReadKustomization, text } from './kustomization-file.ts';
import { builtInSchema, type SchemaOf } from './merge-schema.ts';
import { isRemoteFile, isRepository, leadsAbove } from './paths.ts';
import { textOf } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { objectId, type Resource } from './resource.ts';
import { isTooLarge, objectsOfFile, type WrittenObject } from './resource-file.ts';
import { appended } from './resource-list.ts';
import { transform } from './transform.ts';
import { declareVariables, mergeVariables } from './variables.ts';

/** What evaluating one kustomization needs of all the others. */
export interface World {
  readonly files: DeployFiles;
  readonly folders: IncludedFolders;
  /** What another kustomization amounts to. @param schema the file of schemas in force, or '' */
  accumulated(folder: string, schema: string): Accumulated;
  /** The schemas of a file. */
  schemas(file: string): SchemaOf;
}

/** What the kustomization of a folder amounts to. @param schema the file of schemas in force, or '' */
export function accumulate(world: World, folder: string, schema: string): Accumulated {
  const draft = new Draft(world.files);
  const found = findKustomization(world.files, folder);
  if (found.type === 'found') {
    const at = documentAnchor(found.kustomization.doc);
    draft.step(folder, at, () => evaluate(world, draft, found, schema));
  } else if (found.type === 'refused') draft.refuse(folder, undefined, found.refusal);
  else if (found.type === 'missing') {
    const message = `${folder === '' ? 'the root' : folder} has no kustomization`;
    draft.refuse(folder, undefined, new Refusal('no-kustomization', message, { path: folder }));
  }
  return draft.result();
}

/** kustomize `accumulateTarget`. A component works on what its parent has gathered: on the parent's draft. */
function evaluate(world: World, draft: Draft, found: ReadKustomization, inherited: string): void {
  const { kustomization } = found;
  const { folder, root, doc } = kustomization;
  const own = draft.during('gathering', () => gather(world, draft, found, inherited));
  for (const entry of list(root, 'components')) {
    draft.step(folder, entry.at, () => addComponent(world, draft, kustomization, entry, own));
  }
  draft.during('change', () => transform(draft, kustomization, schemaInForce(world, draft)));
  draft.step(folder, documentAnchor(doc), () => {
    const { resources, variables } = declareVariables(kustomization, draft.resources);
    draft.resources = resources;
    draft.variables = mergeVariables(draft.variables, variables);
  });
  draft.settleCharts(text(root, 'namespace'));
  draft.resources = draft.resources.map((resource) => ({ ...resource, folders: [...resource.folders, folder] }));
}

/** Gathers what a kustomization names and makes, before any of it is changed. @returns the file of schemas in force, or '' */
function gather(
  world: World,
  draft: Draft,
  { kustomization, refusal, isTemplate }: ReadKustomization,
  inherited: string,
): string {
  const { folder, root, doc, file } = kustomization;
  draft.use(file);
  if (isTemplate) draft.during('change', () => draft.miss(file, documentAnchor(doc), 'template'));
  // What is not understood of a kustomization may be a patch.
  if (refusal !== undefined) draft.during('change', () => draft.refuse(folder, documentAnchor(doc), refusal));
  const own = inherited === '' ? schemaFile(draft, kustomization) : inherited;
  if (draft.schema === '') draft.schema = own;
  for (const key of ['resources', 'bases']) {
    for (const entry of list(root, key)) {
      draft.step(folder, entry.at, () => addResources(world, draft, kustomization, entry, own));
    }
  }
  for (const entry of list(root, 'configurations')) {
    draft.step(folder, entry.at, () => configure(draft, folder, entry, readConfiguration));
  }
  for (const entry of list(root, 'crds')) {
    draft.step(folder, entry.at, () => configure(draft, folder, entry, readCrdFields));
  }
  for (const [key, kind] of [
    ['configMapGenerator', 'ConfigMap'],
    ['secretGenerator', 'Secret'],
  ] as const) {
    for (const entry of list(root, key)) {
      draft.step(folder, entry.at, () => {
        addGenerated(draft, kustomization, entry, kind);
      });
    }
  }
  for (const chart of helmChartsOf(kustomization)) {
    draft.inflate(chart);
    const { name, repo, releaseName, namespace } = chart;
    const isIstio = chartNamed(name) !== undefined || isIstioBase(name, repo, releaseName, namespace);
    draft.miss(name, chart.at, isIstio ? 'istio-chart' : 'helm');
  }
  for (const entry of list(root, 'generators')) {
    draft.step(folder, entry.at, () => {
      for (const plugin of loadPlugins(draft, kustomization, entry)) addPlugin(draft, kustomization, plugin, entry);
    });
  }
  return own;
}

/** Stands in a text for bytes that are none. kustomize keeps these in `binaryData`; they are not known here. */
const NO_TEXT = '\ufffd';

function addGenerated(draft: Draft, kustomization: Kustomization, entry: Cursor, kind: 'ConfigMap' | 'Secret'): void {
  const read = (from: Cursor, path: string) => {
    const file = draft.read(kustomization.folder, from, path);
    if (file === undefined || !file.text.includes(NO_TEXT)) return file;
    draft.miss(path, from.at, 'unread');
    return undefined;
  };
  const { resource } = generate(kustomization, entry, kind, read);
  draft.resources = absorbed(draft.resources, resource, entry.at);
}

function addPlugin(draft: Draft, kustomization: Kustomization, plugin: Plugin, entry: Cursor): void {
  const kind =
    plugin.kind === 'ConfigMapGenerator' ? 'ConfigMap' : plugin.kind === 'SecretGenerator' ? 'Secret' : undefined;
  if (kind === undefined) draft.miss(plugin.kind, entry.at, 'plugin');
  else addGenerated(draft, { ...kustomization, root: plugin.root }, asGenerator(plugin), kind);
}

/** The schemas of the outermost kustomization that names some, which take the place of kustomize's own. */
function schemaInForce(world: World, draft: Draft): SchemaOf {
  return draft.schema === '' ? builtInSchema : world.schemas(draft.schema);
}

/** The file of schemas that a kustomization names. */
export function namedSchema({ folder, root }: Kustomization): string | undefined {
  const path = textOf(get(root, 'openapi', 'path')?.node);
  return path === '' ? undefined : resolvePath(folder, path);
}

/** The file of schemas that a kustomization names, if it can be read; else ''. */
function schemaFile(draft: Draft, kustomization: Kustomization): string {
  const { folder, root } = kustomization;
  const path = get(root, 'openapi', 'path');
  if (path === undefined || textOf(path.node) === '') return '';
  let found = '';
  draft.step(folder, path.at, () => {
    if (draft.read(folder, path, textOf(path.node)) !== undefined) found = namedSchema(kustomization) ?? '';
  });
  return found;
}

/** A file that tells of more fields than those that kustomize knows by itself. */
function configure(draft: Draft, folder: string, entry: Cursor, read: (written: Cursor) => FieldConfiguration): void {
  const file = draft.read(folder, entry, textOf(entry.node));
  const document = file?.documents()[0];
  if (document?.root === undefined) return;
  const configuration = read({ node: document.root, at: documentAnchor(document.id) });
  draft.fields = mergeConfigurations(draft.fields, configuration);
}

/** An entry of `resources`: a file of objects, or the folder of another kustomization. */
function addResources(world: World, draft: Draft, kustomization: Kustomization, entry: Cursor, schema: string): void {
  const { folder } = kustomization;
  const path = textOf(entry.node);
  if (path === '') throw new Refusal('missing-file', 'an empty path names nothing');
  const joined = isRemoteFile(path) ? undefined : resolvePath(folder, path);
  if (leadsAbove(folder, path)) throw leadsBack(path, path);
  if (joined === undefined) {
    draft.miss(path, entry.at, isRemoteFile(path) || isRepository(path) ? 'remote' : 'outside');
    return;
  }
  const file = world.files.file(joined);
  if (file === 'unread') {
    draft.miss(joined, entry.at, 'unread');
  } else if (file !== 'missing' && isTooLarge(file)) {
    draft.use(joined);
    draft.miss(joined, entry.at, 'too-large');
  } else if (file !== 'missing') {
    draft.use(joined);
    draft.checkReach(folder, entry, joined);
    const written = objectsOfFile(file, joined);
    const resources = written.map((object) => asResource(object, joined));
    draft.resources = appended(draft.resources, resources);
  } else if (isRepository(path) && !world.files.isFolder(joined)) {
    draft.miss(path, entry.at, 'remote');
  } else {
    addFolder(world, draft, kustomization, entry, joined, schema);
  }
}

function asResource({ root, doc }: WrittenObject, file: string): Resource {
  return {
    root,
    original: objectId(root),
    file,
    doc,
    generated: false,
    source: { file, generator: undefined },
    previous: [],
    prefixes: [],
    suffixes: [],
    variables: [],
    shares: false,
    behavior: undefined,
    hashed: false,
    folders: [],
    patches: [],
    removals: [],
  };
}

function leadsBack(path: string, to: string): Refusal {
  return new Refusal('cycle', `${path} leads back to ${to === '' ? 'the root' : to}`);
}

/** Refuses a folder that is not there, or that leads back; false if it is not known, or too deep to go on. */
function canEnter(world: World, draft: Draft, from: string, entry: Cursor, to: string): boolean {
  if (!world.files.isFolder(to)) {
    if (isPlaceholder(textOf(entry.node))) {
      draft.miss(to, entry.at, 'template');
      return false;
    }
    if (world.files.file(to) === 'unread') {
      draft.miss(to, entry.at, 'unread');
      return false;
    }
    throw new Refusal('missing-file', `there is no file or folder ${to}`, { path: to });
  }
  const inner = world.folders.all(to);
  if (inner === undefined) {
    draft.miss(to, entry.at, 'too-large');
    return false;
  }
  // kustomize enters no folder that it is in, nor one above it.
  const back = [to, ...inner].find((other) => isWithin(from, other));
  if (back !== undefined) throw leadsBack(textOf(entry.node), back);
  return true;
}

function addFolder(
  world: World,
  draft: Draft,
  { folder }: Kustomization,
  entry: Cursor,
  child: string,
  schema: string,
): void {
  if (!canEnter(world, draft, folder, entry, child)) return;
  const found = findKustomization(world.files, child);
  if (found.type === 'missing') {
    throw new Refusal('no-kustomization', `${child} has no kustomization`, { path: child });
  }
  if (found.type === 'unread') {
    draft.miss(child, entry.at, 'unread');
    return;
  }
  if (found.type === 'refused') throw found.refusal;
  if (found.kustomization.component) {
    throw new Refusal('not-a-component', `${child} is a component: it belongs under components`);
  }
  const inner = world.accumulated(child, schema);
  draft.include(child);
  draft.takeNotes(inner);
  if (isTooMuch(draft, inner)) {
    draft.miss(child, entry.at, 'too-large');
    return;
  }
  draft.resources = appended(draft.resources, inner.resources);
  draft.fields = mergeConfigurations(draft.fields, inner.fields);
  draft.variables = mergeVariables(draft.variables, inner.variables);
}

/** Bases that include each other's overlays twice double their objects at every level; nobody copies so many. */
const MOST_COPIES = 5_000;

function isTooMuch({ resources }: Draft, inner: Accumulated): boolean {
  if (inner.unknown.some(({ why }) => why === 'too-large')) return true;
  const count = resources.length + inner.resources.length;
  if (count <= MOST_COPIES) return false;
  const written = new Set(
    [...resources, ...inner.resources].map(({ doc, original: { kind, namespace, name } }) =>
      [doc, kind, namespace, name].join('\n'),
    ),
  );
  return count - written.size > MOST_COPIES;
}

function addComponent(world: World, draft: Draft, { folder }: Kustomization, entry: Cursor, schema: string): void {
  const path = textOf(entry.node);
  const joined = resolvePath(folder, path);
  if (leadsAbove(folder, path)) throw leadsBack(path, path);
  if (isRemoteFile(path) || isRepository(path) || joined === undefined) {
    draft.miss(
      path,
      entry.at,
      joined === undefined && !isRepository(path) && !isRemoteFile(path) ? 'outside' : 'remote',
    );
    return;
  }
  if (!canEnter(world, draft, folder, entry, joined)) return;
  const found = findKustomization(world.files, joined);
  if (found.type === 'missing') {
    throw new Refusal('no-kustomization', `${joined} has no kustomization`, { path: joined });
  }
  if (found.type === 'unread') {
    draft.miss(joined, entry.at, 'unread');
    return;
  }
  if (found.type === 'refused') throw found.refusal;
  if (!found.kustomization.component) {
    throw new Refusal('not-a-component', `${joined} is no component: it belongs under resources`);
  }
  draft.include(joined);
  evaluate(world, draft, found, schema);
}
