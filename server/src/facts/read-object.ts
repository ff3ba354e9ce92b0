/** Reads what every Kubernetes object has: its name, namespace, labels and annotations. */
import { type Cursor, get } from '../yaml/read.ts';
import { isKnown } from './field.ts';
import type { ObjectBase } from './objects.ts';
import { readLabels } from './read-labels.ts';
import { reach, readNonEmpty } from './read-scalar.ts';

/** The object's metadata; undefined without a literal name (templated objects are no facts). */
export function readBase(object: Cursor, apiVersion: string): ObjectBase | undefined {
  const name = readNonEmpty(get(get(object, 'metadata'), 'name'));
  return isKnown(name) ? baseCalled(name, object, apiVersion) : undefined;
}

/** The same of an object whose name is written but not known: it is called `*`, after its namespace where that is known. */
export function readNameless(object: Cursor, apiVersion: string): ObjectBase | undefined {
  const { at } = reach(object, 'metadata', 'name') ?? {};
  if (at === undefined) return undefined;
  const base = baseCalled({ value: '*', at }, object, apiVersion);
  return isKnown(base.namespace) ? { ...base, name: { value: `${base.namespace.value}/*`, at } } : base;
}

function baseCalled(name: ObjectBase['name'], object: Cursor, apiVersion: string): ObjectBase {
  const metadata = get(object, 'metadata');
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
