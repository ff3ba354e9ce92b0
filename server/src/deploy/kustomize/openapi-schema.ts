/** Reads the schema that a kustomization names under `openapi`: merge keys for kinds that kustomize does not know. */
import type { Node } from '../../yaml/node.ts';
import type { MergeSchema, SchemaOf } from './merge-schema.ts';
import { statedText, textOf, valueAt } from './placed-nodes.ts';

/** References that lead on to references; more is a circle. */
const MAX_REFERENCES = 32;

/** A schema below `definitions`, read as far as it is asked for. */
class WrittenSchema implements MergeSchema {
  constructor(
    private readonly node: Node,
    private readonly definitions: Node | undefined,
  ) {}

  field(key: string): MergeSchema | undefined {
    const property = valueAt(valueAt(this.node, 'properties'), key) ?? valueAt(this.node, 'additionalProperties');
    return property?.type === 'map' ? this.resolved(property) : undefined;
  }

  get items(): MergeSchema | undefined {
    if (textOf(valueAt(this.node, 'type')) !== 'array') return undefined;
    const items = valueAt(this.node, 'items');
    return items?.type === 'map' ? this.resolved(items) : undefined;
  }

  /** kyaml `PatchStrategyAndKeyList`. */
  get mergeKeys(): readonly string[] | undefined {
    const strategy = textOf(valueAt(this.node, 'x-kubernetes-patch-strategy'));
    if (!strategy.split(',').includes('merge')) return undefined;
    const list = valueAt(this.node, 'x-kubernetes-list-map-keys');
    if (list?.type === 'seq') return list.items.map(textOf);
    const key = statedText(valueAt(this.node, 'x-kubernetes-patch-merge-key'));
    return key === undefined ? [] : [key];
  }

  private resolved(schema: Node): MergeSchema | undefined {
    let at: Node | undefined = schema;
    for (let steps = 0; steps < MAX_REFERENCES; steps++) {
      const reference: string | undefined = statedText(valueAt(at, '$ref'));
      if (at === undefined || reference === undefined) break;
      at = valueAt(
        this.definitions,
        reference
          .replace(/^#\/definitions\//, '')
          .replaceAll('~1', '/')
          .replaceAll('~0', '~'),
      );
    }
    return at === undefined ? undefined : new WrittenSchema(at, this.definitions);
  }
}

/** The schemas of a file in the form of OpenAPI, by their `x-kubernetes-group-version-kind`. */
export function writtenSchemas(root: Node | undefined): SchemaOf {
  const definitions = valueAt(root, 'definitions');
  const found = new Map<string, MergeSchema>();
  if (definitions?.type === 'map') {
    for (const { value } of definitions.entries) {
      const kinds = valueAt(value, 'x-kubernetes-group-version-kind');
      if (kinds?.type !== 'seq') continue;
      for (const item of kinds.items) {
        const group = textOf(valueAt(item, 'group'));
        const version = textOf(valueAt(item, 'version'));
        const apiVersion = group === '' ? version : `${group}/${version}`;
        found.set(`${apiVersion} ${textOf(valueAt(item, 'kind'))}`, new WrittenSchema(value, definitions));
      }
    }
  }
  return (apiVersion, kind) => found.get(`${apiVersion} ${kind}`);
}
