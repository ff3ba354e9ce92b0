/** Reads what every Kubernetes object has: its name, namespace, labels and annotations. */
import { type Cursor, get } from '../yaml/read.ts';
import { isKnown } from './field.ts';
import type { ObjectBase } from './objects.ts';
import { readLabels } from './read-labels.ts';
import { readNonEmpty } from './read-scalar.ts';

/** The object's metadata; undefined without a literal name (templated objects are no facts). */
export function readBase(object: Cursor, apiVersion: string): ObjectBase | undefined {
  const metadata = get(object, 'metadata');
  const name = readNonEmpty(get(metadata, 'name'));
  if (!isKnown(name)) return undefined;
  return {
    apiVersion,
    name,
    namespace: readNonEmpty(get(metadata, 'namespace')),
    at: object.at,
    labels: readLabels(get(metadata, 'labels')),
    annotations: readLabels(get(metadata, 'annotations')),
  };
}

/** The API group of an apiVersion: '' for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
