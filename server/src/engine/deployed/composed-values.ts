/** Values that builds put together from several places, such as a name and its prefix: none of these places holds the value. */
import { type Anchor, type DocumentId, sameAnchor } from '../../base/anchor.ts';
import { addTo } from '../../base/remember.ts';
import type { KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { Node } from '../../yaml/node.ts';
import type { Documents } from '../../yaml/source.ts';
import { writtenAt } from './built-places.ts';

interface World {
  readonly documents: Documents;
  usesOf(file: string): readonly { readonly build: KustomizeBuild | undefined }[];
}

/** A text of a build, and where it comes from. */
interface Placed {
  readonly text: string;
  readonly origin: Anchor;
}

const textsOf = new WeakMap<KustomizeBuild, ReadonlyMap<DocumentId, readonly Placed[]>>();

/** True if builds have another text from a place than the one that is written there: a prefix, a part of a text, a name that gets a hash. */
export function isComposed(at: Anchor, world: World): boolean {
  const file = world.documents.document(at.doc)?.file;
  const written = writtenAt(at, world);
  if (file === undefined || written?.type !== 'scalar') return false;
  return world
    .usesOf(file)
    .some(({ build }) =>
      (build === undefined ? [] : (placedTexts(build).get(at.doc) ?? [])).some(
        ({ text, origin }) => text !== written.text && sameAnchor(origin, at),
      ),
    );
}

function placedTexts(build: KustomizeBuild): ReadonlyMap<DocumentId, readonly Placed[]> {
  const known = textsOf.get(build);
  if (known !== undefined) return known;
  const found = new Map<DocumentId, Placed[]>();
  const open: Node[] = build.objects.map(({ root }) => root);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'map') open.push(...node.entries.map(({ value }) => value));
    else if (node.type === 'seq') open.push(...node.items);
    else if (node.origin !== undefined) {
      const { text, origin } = node;
      addTo(found, origin.doc, { text, origin });
    }
  }
  textsOf.set(build, found);
  return found;
}
