/** Finds the object that a reference by name means, where several clusters may each have one of that name. */
import { folderOf, lastSegment } from '../../base/relative-path.ts';
import { type Cursor, entries, get } from '../../yaml/read.ts';
import type { DeployFiles } from '../deploy-files.ts';
import type { DeployObject, DeployWorld, UnknownPart } from '../deployment.ts';
import { isSlip } from '../name-slip.ts';
import { isInNamespace, textAt, writtenText } from '../read-text.ts';

export interface Reference {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/**
 * The object, if there is one in sight and it is clear which: what is applied together with what refers to it, else the only one of its
 * name, in the same file, in the same folder, or in the nearest folder above. The only one in sight may be another cluster's: ours may be
 * made by something else.
 */
export function referredObject(world: DeployWorld, file: string, reference: Reference): Cursor | undefined {
  const { kind, namespace, name } = reference;
  if (name === undefined) return undefined;
  const isNamed = (object: Cursor): boolean =>
    textAt(object, 'metadata', 'name') === name && isInNamespace(object, namespace);
  const beside = (world.beside ?? []).filter((object) => textAt(object, 'kind') === kind && isNamed(object));
  if (beside.length > 0) return only(beside);
  const candidates = world.objects(kind).filter(({ object }) => isNamed(object));
  const found = nearest(candidates, file);
  return found === undefined || isOfTwin(found.file, file, world.files) ? undefined : found.object;
}

/**
 * The ConfigMap that an entry of `substituteFrom` or `valuesFrom` names, if it is certainly not in sight. Where several have that name it
 * may be; a Secret may be made by anything.
 * @param beside the entries of the same list: what another one names is not meant
 */
export function lackedMap(
  reference: Cursor,
  beside: readonly Cursor[],
  namespace: string | undefined,
  file: string,
  world: DeployWorld,
): Pick<UnknownPart, 'lacksObject'> {
  const kind = 'ConfigMap';
  const [written, name] = [get(reference, 'name'), textAt(reference, 'name')];
  if (written === undefined || name === undefined || textAt(reference, 'kind') !== kind) return {};
  const namesOf = (objects: readonly Cursor[]): readonly string[] =>
    objects.flatMap((object) => (isInNamespace(object, namespace) ? (textAt(object, 'metadata', 'name') ?? []) : []));
  const generated = namesOf((world.beside ?? []).filter((object) => textAt(object, 'kind') === kind));
  const all = world.objects(kind);
  const same = all.filter(({ object }) => namesOf([object])[0] === name);
  if (generated.includes(name) || same.some((one) => !isOfTwin(one.file, file, world.files))) return {};
  const applied = new Set(generated.map((other) => other.replace(HASH, '')));
  const others = new Set([...applied, ...namesOf(all.map(({ object }) => object))]);
  const near = [...others].filter(
    (other) =>
      isSlip(name, other) &&
      !beside.some((entry) => textAt(entry, 'name') === other) &&
      (applied.has(other) || referredObject(world, file, { kind, namespace, name: other }) !== undefined),
  );
  const meant = near.length === 1 ? near[0] : undefined;
  const hashed = generated.find((other) => HASH.test(other) && other.replace(HASH, '') === name);
  const lacks = { at: written.at, kind, name, elsewhere: same[0]?.file, meant };
  return { lacksObject: hashed === undefined ? lacks : { ...lacks, meant: undefined, hashed } };
}

/** The key of the values, whatever it is called: `BUCKET_NAME` is no placeholder there. */
export function valuesKey(reference: Cursor): string {
  return writtenText(get(reference, 'valuesKey')) ?? 'values.yaml';
}

/** A key that a ConfigMap in sight does not have (fluxcd/pkg, `chartutil/values.go`, `ChartValuesFromReferences`). */
export function lackedKey(
  reference: Cursor,
  found: Cursor,
  file: string,
  world: DeployWorld,
): Pick<UnknownPart, 'lacksObject'> {
  const written = get(reference, 'valuesKey');
  const [key, name, at] = [valuesKey(reference), textAt(reference, 'name'), (written ?? reference).at];
  const keys = ['data', 'binaryData'].flatMap((part) => entries(get(found, part)).map(([own]) => own));
  if (name === undefined || keys.length === 0 || keys.includes(key) || /\$|\{\{/.test(key)) return {};
  // Of several that are written, one may be a patch of another.
  const same = world.objects('ConfigMap').filter(({ object }) => textAt(object, 'metadata', 'name') === name);
  const own = same.filter((one) => !isOfTwin(one.file, file, world.files));
  if (own.length > 1 && world.beside?.includes(found) !== true) return {};
  const near = keys.length === 1 ? keys : keys.filter((other) => isSlip(key, other));
  const meant = written !== undefined && near.length === 1 ? near[0] : undefined;
  return { lacksObject: { at, kind: 'ConfigMap', name, elsewhere: undefined, meant, key } };
}

/** What kustomize adds to the names of what it generates (`hasher.encode`). */
const HASH = /-[2456789bcdfghkmt]{10}$/;

/** True if a file lies in a folder beside ours in which there is one like ours: `clusters/west/facts.yaml` for `clusters/east/apps.yaml`. */
function isOfTwin(other: string, file: string, files: DeployFiles): boolean {
  const [own, others] = [file.split('/'), other.split('/')];
  const parting = own.findIndex((step, i) => step !== others[i]);
  if (parting < 0 || parting >= own.length - 1 || parting >= others.length - 1) return false;
  const twin = [...others.slice(0, parting + 1), ...own.slice(parting + 1)].join('/');
  const name = lastSegment(twin);
  return files.children(folderOf(twin)).some((child) => !child.folder && child.name === name);
}

function nearest(candidates: readonly DeployObject[], file: string): DeployObject | undefined {
  if (candidates.length <= 1) return candidates[0];
  const own = candidates.filter((candidate) => candidate.file === file);
  if (own.length > 0) return only(own);
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const inFolder = candidates.filter((candidate) => folder === '' || candidate.file.startsWith(`${folder}/`));
    if (inFolder.length > 0) return only(inFolder);
    if (folder === '') return undefined;
  }
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
