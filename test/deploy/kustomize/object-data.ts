/** Turns objects, built by us or printed by kustomize, into data that can be compared. */
import { parseAllDocuments } from 'yaml';
import type { KustomizeBuild } from '../../../server/src/deploy/kustomize/build-result.ts';
import { goValue } from '../../../server/src/deploy/kustomize/go-scalar.ts';
import type { Node } from '../../../server/src/yaml/node.ts';
import { resolveYaml11 } from '../../../server/src/yaml/scalar.ts';

type Data = string | number | boolean | null | Data[] | { [key: string]: Data };

/** The data of a tree, read as the API server's readers do; it must mean the same to kustomize. */
export function nodeData(node: Node): Data {
  if (node.type === 'seq') return node.items.map(nodeData);
  if (node.type === 'map') {
    return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, nodeData(value)]));
  }
  const value = resolveYaml11(node);
  const own = goValue(node);
  if (!Object.is(value, own)) throw new Error(`${node.text} is ${value} to readers, and ${own} to kustomize`);
  return value;
}

function keyOf(object: { [key: string]: Data }): string {
  const metadata = (object.metadata ?? {}) as { [key: string]: Data };
  return [object.apiVersion, object.kind, metadata.namespace ?? '', metadata.name].join(' ');
}

/** The objects of a build by apiVersion, kind, namespace and name. */
export function builtObjects({ objects }: KustomizeBuild): Map<string, Data> {
  return new Map(
    objects.map(({ root }) => {
      const data = nodeData(root) as { [key: string]: Data };
      return [keyOf(data), data];
    }),
  );
}

/** The objects that kustomize printed. */
export function printedObjects(printed: string): Map<string, Data> {
  const objects = parseAllDocuments(printed, { version: '1.1' }).map((document) => document.toJS() as Data);
  return new Map(
    objects
      .filter((object): object is { [key: string]: Data } => object !== null)
      .map((object) => [keyOf(object), object]),
  );
}
