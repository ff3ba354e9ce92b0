/**
 * Files beside a kustomization that does not list them, so that kustomize leaves them out. That may be meant; it is told where a cluster
 * lacks for it what builds beside that have.
 */
import { type Anchor, below, documentAnchor } from '../base/anchor.ts';
import { folderOf, lastSegment, resolvePath } from '../base/relative-path.ts';
import { addTo } from '../base/remember.ts';
import type { BuiltObject, KustomizeBuild } from '../deploy/kustomize/build-result.ts';
import { KUSTOMIZATION_NAMES } from '../deploy/kustomize/kustomization-file.ts';
import { listed } from '../rules/wording.ts';
import { get, rootCursor } from '../yaml/read.ts';
import type { Documents } from '../yaml/source.ts';
import { areSiblings, isOfMesh } from './idle-patches.ts';
import type { JudgedBuild, JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

/** An object that a file states. */
interface Stated {
  readonly kind: string;
  /** '' where none is written. */
  readonly namespace: string;
  readonly name: string;
  readonly at: Anchor;
}

/** A build beside, with the object. */
interface Having {
  readonly build: KustomizeBuild;
  readonly built: BuiltObject;
}

export function* unlistedFiles(judged: JudgedBuilds, documents: Documents): Generator<KustomizationFault> {
  const builds = judged.of.filter(({ isBeside }) => !isBeside);
  const used = new Set(judged.of.flatMap(({ build }) => build.uses));
  const byFolder = new Map<string, JudgedBuild[]>();
  for (const one of builds)
    for (const folder of [one.build.folder, ...one.build.includes]) addTo(byFolder, folder, one);
  for (const [folder, own] of byFolder) {
    const inside = judged.folders.children(folder).filter((one) => !one.folder);
    for (const { name } of inside) {
      const file = resolvePath(folder, name);
      if (file === undefined || !/\.ya?ml$/i.test(name) || used.has(file)) continue;
      const stated = objectsOf(file, documents);
      const fault = stated.length === 0 ? undefined : faultOf(file, stated, own, judged, documents);
      if (fault !== undefined) yield fault;
    }
  }
}

/** The objects of a file; none where one of its documents is no whole object, such as a patch without a kind. */
function objectsOf(file: string, documents: Documents): readonly Stated[] {
  const all = documents.file(file)?.documents ?? [];
  const stated = all.flatMap(({ id }): Stated[] => {
    const root = documents.parsed(id)?.root;
    const cursor = root && rootCursor(id, root);
    const [kind, namespace, name] = [['kind'], ['metadata', 'namespace'], ['metadata', 'name']].map((keys) =>
      get(cursor, ...keys),
    );
    if (kind?.node.type !== 'scalar' || name?.node.type !== 'scalar') return [];
    const where = namespace?.node.type === 'scalar' ? namespace.node.text : '';
    return [{ kind: kind.node.text, namespace: where, name: name.node.text, at: name.at }];
  });
  return stated.length === all.length ? stated : [];
}

/**
 * @param own those that read the kustomization beside the file
 * @param all those of all clusters
 */
function faultOf(
  file: string,
  stated: readonly Stated[],
  own: readonly JudgedBuild[],
  all: JudgedBuilds,
  documents: Documents,
): KustomizationFault | undefined {
  // What could not be built whole may have the object all the same.
  const isKnown = own.every(
    ({ build: { problems, unknown, isOpen } }) => problems.length + unknown.length === 0 && !isOpen,
  );
  if (!isKnown) return undefined;
  const clusters = own.flatMap((one) => one.clusters);
  const meshes = new Set(clusters.map(all.meshOf));
  const peers = all.of.filter(
    (one) =>
      !own.includes(one) &&
      one.clusters.some((cluster) => meshes.has(all.meshOf(cluster))) &&
      own.every(({ build }) => areSiblings(build.folder, one.build.folder)),
  );
  for (const object of stated) {
    const having = peers.flatMap(({ build }): Having[] => {
      const built = build.objects.find((one) => isSame(object, one));
      return built === undefined ? [] : [{ build, built }];
    });
    const [first] = having;
    if (first === undefined || !isApplied(first.built) || all.hasObject(clusters, first.built.current)) continue;
    return told(file, object, having, documents);
  }
  return undefined;
}

/** True for what concerns the mesh and only comes to a cluster if something applies it: `istioctl` reads its own from a file. */
function isApplied(object: BuiltObject): boolean {
  return isOfMesh(object) && object.current.kind !== 'IstioOperator';
}

function isSame({ kind, namespace, name }: Stated, { original, current }: BuiltObject): boolean {
  return [original, current].some(
    (id) => id.kind === kind && id.name === name && (namespace === '' || id.namespace === namespace),
  );
}

function told(
  file: string,
  { at: stated }: Stated,
  having: readonly Having[],
  documents: Documents,
): KustomizationFault | undefined {
  const folder = folderOf(file);
  const kustomization = KUSTOMIZATION_NAMES.map((name) => documents.file(`${folder}/${name}`)).find(
    (found) => found !== undefined,
  );
  const [document] = kustomization?.documents ?? [];
  const entry = lastSegment(file);
  // Who writes its name in a comment left it out on purpose.
  if (document === undefined || document.text.includes(entry)) return undefined;
  const root = documents.parsed(document.id)?.root;
  const cursor = root && rootCursor(document.id, root);
  const list = below(documentAnchor(document.id), 'resources');
  const at = get(cursor, 'resources') === undefined ? documentAnchor(document.id) : list;
  const location = documents.locate(at);
  if (location === undefined) return undefined;
  const [first] = having;
  const { kind, namespace, name } = first?.built.current ?? { kind: '', namespace: '', name: '' };
  const what = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const peers = listed([...new Set(having.map(({ build }) => build.folder))].sort());
  const sides = [
    { at: stated, message: `${entry} states it` },
    ...having.map(({ build, built }) => ({
      at: documentAnchor(built.doc),
      message: `${build.folder} has it from here`,
    })),
  ];
  return {
    severity: 'warning',
    message: `kustomize leaves out ${file}, which the kustomization beside it does not list. So ${what} is lacking here, which the ${having.length > 1 ? 'builds' : 'build'} of ${peers} ${having.length > 1 ? 'have' : 'has'}.`,
    location,
    at,
    related: sides.flatMap((side) => {
      const where = documents.locate(side.at);
      return where === undefined ? [] : [{ ...side, cluster: undefined, location: where }];
    }),
    fixes: [
      {
        title: `Add ${entry} to the resources of ${folder}`,
        safe: false,
        preferred: true,
        edits: () => [{ op: 'append', at: list, value: entry }],
      },
    ],
  };
}
