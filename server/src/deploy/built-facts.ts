/** What built objects state: read once, however many builds give the same object. */
import type { DocumentId } from '../base/anchor.ts';
import { type DocumentFacts, extractObject } from '../facts/extract.ts';
import { mergeObjects } from '../facts/merge-objects.ts';
import type { Labels, ObjectFact, Removal } from '../facts/objects.ts';
import type { Node } from '../yaml/node.ts';
import { child, rootCursor } from '../yaml/read.ts';
import type { KustomizeBuild } from './kustomize/build-result.ts';
import { changedText } from './kustomize/placed-nodes.ts';

interface Built {
  readonly root: Node;
  readonly doc: DocumentId;
  readonly removals?: readonly Removal[];
  /** As it perhaps is meant to be: what that has otherwise is not known. */
  readonly otherwise?: Node;
}

const factsOfRoots = new WeakMap<Node, DocumentFacts>();

/**
 * @param root the object; nodes that do not stand in the text of `doc` carry their origin
 * @param file the file for whose cluster it is built: its statements count as written there
 */
export function builtFacts({ root, doc, removals = [], otherwise }: Built, file: string): DocumentFacts {
  if (otherwise !== undefined)
    return doubted(builtFacts({ root, doc, removals }, file), builtFacts({ root: otherwise, doc }, file));
  let facts = factsOfRoots.get(root);
  if (facts === undefined) {
    facts = withRemovals(extractObject(rootCursor(doc, root), file), removals);
    factsOfRoots.set(root, facts);
  }
  if (facts.install.every((statement) => statement.file === file)) return facts;
  return { ...facts, install: facts.install.map((statement) => ({ ...statement, file })) };
}

/** True for what Istio, or a tool that deploys it, reads: a workload is what anybody has. */
export function concernsMesh({
  objects,
  install,
  deploys,
}: Pick<DocumentFacts, 'objects' | 'install' | 'deploys'>): boolean {
  return deploys === true || install.length > 0 || objects.some(({ kind }) => kind !== 'Workload');
}

/** The objects that patches of a build delete; each stands where it is deleted. */
export function deletedFacts({ deleted }: KustomizeBuild, file: string): readonly ObjectFact[] {
  return deleted.flatMap(({ object, by }) =>
    builtFacts(object, file).objects.map((fact): ObjectFact => ({ ...fact, at: by })),
  );
}

const opened = new WeakMap<DocumentFacts, DocumentFacts>();

/** The same facts where patches may add to them that are not known: what is not stated is not missing. */
export function openFacts(facts: DocumentFacts): DocumentFacts {
  let open = opened.get(facts);
  if (open === undefined) {
    open = {
      ...facts,
      objects: facts.objects.map(openObject),
      install: facts.install.map((statement) => ({ ...statement, isOpen: true })),
    };
    opened.set(facts, open);
  }
  return open;
}

/** What one of two tells that the other one does not is not known. */
function doubted(facts: DocumentFacts, otherwise: DocumentFacts): DocumentFacts {
  const [one, ...more] = facts.objects;
  const [other] = otherwise.objects;
  const install = openFacts(facts).install.map((statement, i) => {
    const meant = otherwise.install[i];
    return meant === undefined ? statement : { ...statement, root: doubtedNode(statement.root, meant.root) };
  });
  if (one === undefined || other === undefined || more.length > 0) return { ...facts, install };
  return { ...facts, install, objects: [mergeObjects(one, other)] };
}

/** A node with something unknown for each text that is another one in the other node. */
function doubtedNode(one: Node, other: Node | undefined): Node {
  if (one.type === 'scalar' && other?.type === 'scalar' && one.text !== other.text)
    return { ...changedText(one, '{{ perhaps patched }}'), style: 'double' };
  if (one.type !== 'map' || other?.type !== 'map') return one;
  const entries = one.entries.map(({ key, value }) => ({ key, value: doubtedNode(value, child(other, key.text)) }));
  return { ...one, entries };
}

function openObject(object: ObjectFact): ObjectFact {
  const labels = openLabels(object.labels);
  const annotations = openLabels(object.annotations);
  return object.kind === 'Workload'
    ? { ...object, labels, annotations, podLabels: openLabels(object.podLabels) }
    : { ...object, labels, annotations };
}

function openLabels(labels: Labels): Labels {
  return { ...labels, open: true };
}

/** The facts of one object, with what patches took away from it. */
function withRemovals(facts: DocumentFacts, removals: readonly Removal[]): DocumentFacts {
  const [object, ...others] = facts.objects;
  if (removals.length === 0 || object === undefined || others.length > 0) return facts;
  return { ...facts, objects: [{ ...object, removals }] };
}
