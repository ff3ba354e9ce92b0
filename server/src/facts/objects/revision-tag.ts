/** Names of istiod besides its revision (pkg/revisions/tag_watcher.go, `GetMyTags`). */
import type { Cursor } from '../../yaml/read.ts';
import type { ObjectBase, RevisionTagObject } from '../objects.ts';

/** Sail's `IstioRevisionTag`: its name is the tag. */
export function readIstioRevisionTag(_: Cursor, base: ObjectBase): RevisionTagObject {
  return { kind: 'RevisionTag', ...base, tag: base.name };
}

/** A MutatingWebhookConfiguration: a label says whether it is one of a tag. */
export function readMutatingWebhook(_: Cursor, base: ObjectBase): RevisionTagObject {
  return { kind: 'RevisionTag', ...base, tag: base.labels.entries.get('istio.io/tag') };
}
