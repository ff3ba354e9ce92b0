/** What Helm makes of a chart in the workspace: what it is asked to render, and the objects in what it gives. */
import { type Anchor, below, documentAnchor } from '../../base/anchor.ts';
import { EMBEDDED } from '../../base/path.ts';
import { type Field, isKnown } from '../../facts/field.ts';
import type { Node } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { splitDocuments } from '../../yaml/split.ts';
import type { DeployFiles } from '../deploy-files.ts';
import type { ChartSource } from '../deployment.ts';

/** All that rendering depends on, but for the files of the chart. */
export interface ChartRequest {
  /** The chart's folder, relative to the root of the world. */
  readonly folder: string;
  readonly release: string;
  readonly namespace: string;
  /** JSON. */
  readonly values: string;
}

/** Names that are a word to a command line too. */
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,61}[a-z0-9])?$/;

/**
 * @param name of the deployment
 * @returns undefined where nothing is to be rendered: a chart that is not here, one of Istio (its settings are read from its values), values
 * that are only known in part
 */
export function chartRequest(
  { chart, folder, install, release, values, open }: ChartSource,
  namespace: Field<string>,
  name: string | undefined,
): ChartRequest | undefined {
  if (folder === undefined || install !== undefined || open) return undefined;
  const into = namespace === undefined ? 'default' : isKnown(namespace) ? namespace.value : '';
  const called = [release, name, chart].find((candidate) => candidate !== undefined && NAME.test(candidate));
  if (called === undefined || !NAME.test(into)) return undefined;
  return { folder, release: called, namespace: into, values: JSON.stringify(plain(values.node)) };
}

/** Values as Helm reads them: YAML 1.1. */
function plain(node: Node): unknown {
  if (node.type === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plain(value)]));
  return node.type === 'seq' ? node.items.map(plain) : resolveYaml11(node);
}

/**
 * The objects in what Helm gives. No file holds them as they are: each stands at the values that the chart was rendered with, and inside of
 * that place, where nothing can be edited.
 */
export function renderedObjects(text: string, source: ChartSource, files: DeployFiles): readonly Node[] {
  const at = below(valuesPlace(source, files) ?? source.at, EMBEDDED);
  return splitDocuments(text).flatMap((slice) => {
    const { root } = parseDocument(slice.text);
    return root?.type === 'map' ? [standingAt(root, at)] : [];
  });
}

/** The values of this installation; the chart's own tell nothing of it, unless there are no others. */
function valuesPlace({ valueFiles, folder, values }: ChartSource, files: DeployFiles): Anchor | undefined {
  const own = valueFiles.filter((file) => !file.startsWith(`${folder}/`)).at(-1);
  const last = own ?? valueFiles.at(-1);
  const file = last === undefined ? 'missing' : files.file(last);
  if (file === 'missing' || file === 'unread') return undefined;
  const [document] = file.documents();
  const isInline = own === undefined && document?.id !== values.at.doc;
  return document === undefined || isInline ? undefined : documentAnchor(document.id);
}

function standingAt(node: Node, origin: Anchor): Node {
  if (node.type === 'seq') return { ...node, origin, items: node.items.map((item) => standingAt(item, origin)) };
  if (node.type === 'scalar') return { ...node, origin };
  return {
    ...node,
    origin,
    entries: node.entries.map(({ key, value }) => ({ key, value: standingAt(value, origin) })),
  };
}
