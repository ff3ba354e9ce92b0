/** Reads files of `crds`: schemas in the form of OpenAPI that tell in which fields custom resources name others, or hold labels (`loadconfigfromcrds.go`). */
import { type Cursor, entries, get } from '../../yaml/read.ts';
import type { FieldConfiguration } from './default-fields.ts';
import type { FieldSpec } from './field-spec.ts';
import { statedText } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';

/** More than any schema that people write has, however its types refer to each other. */
const MAX_PROPERTIES = 20_000;
/** Types in each other; nobody nests fields deeper. */
const MAX_DEPTH = 50;

type Fields = { -readonly [Key in keyof FieldConfiguration]: FieldConfiguration[Key][number][] };

/** What the schemas say. A file of anything else, such as a CustomResourceDefinition, is refused. */
export function readCrdFields(root: Cursor): FieldConfiguration {
  const fields: Fields = {
    namePrefix: [],
    nameSuffix: [],
    namespace: [],
    commonLabels: [],
    labels: [],
    templateLabels: [],
    commonAnnotations: [],
    nameReference: [],
    varReference: [],
    images: [],
    replicas: [],
  };
  const types = new Map(entries(root));
  for (const { node, at } of types.values()) {
    if (node.type !== 'map')
      throw new Refusal('invalid-kustomization', 'a definition in the form of OpenAPI is wanted here', { at });
  }
  const left = { properties: MAX_PROPERTIES };
  for (const [name, type] of types) {
    const properties = propertiesOf(type);
    if (!['kind', 'apiVersion', 'metadata'].every((key) => get(properties, key) !== undefined)) continue;
    readProperties(
      properties,
      { kind: name.slice(name.lastIndexOf('.') + 1), types, fields, inside: [name], left },
      [],
    );
  }
  return fields;
}

interface Reading {
  readonly kind: string;
  readonly types: ReadonlyMap<string, Cursor>;
  readonly fields: Fields;
  /** The types that are being read: one that leads back to itself brings nothing new (kustomize never comes to an end of it). */
  readonly inside: readonly string[];
  readonly left: { properties: number };
}

function propertiesOf(type: Cursor | undefined): Cursor | undefined {
  return get(get(type, 'Schema') ?? get(type, 'schema'), 'properties');
}

function readProperties(properties: Cursor | undefined, reading: Reading, above: readonly string[]): void {
  const { kind, types, fields, inside, left } = reading;
  for (const [name, property] of entries(properties)) {
    if (left.properties-- <= 0) return;
    const path = [...above, name];
    const spec: FieldSpec = { kind, path: path.join('/'), create: false };
    const extension = (key: string): string | undefined => statedText(get(property, `x-kubernetes-${key}`)?.node);
    if (extension('annotation') !== undefined) fields.commonAnnotations.push(spec);
    if (extension('label-selector') !== undefined) fields.commonLabels.push(spec);
    if (extension('identity') !== undefined) fields.namePrefix.push(spec);
    const version = extension('object-ref-api-version');
    const referred = extension('object-ref-kind');
    if (version !== undefined && referred !== undefined) {
      const key = extension('object-ref-name-key') ?? 'name';
      const fieldSpecs = [{ ...spec, path: `${spec.path}/${key}` }];
      fields.nameReference.push({ group: '', version, kind: referred, fieldSpecs });
    }
    const reference = statedText(get(property, '$ref')?.node);
    if (reference === undefined || inside.length >= MAX_DEPTH || inside.includes(reference)) continue;
    readProperties(propertiesOf(types.get(reference)), { ...reading, inside: [...inside, reference] }, path);
  }
}
