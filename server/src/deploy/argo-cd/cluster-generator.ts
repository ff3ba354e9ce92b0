/**
 * Expands the generator `clusters`: one element per cluster that Argo CD knows. Which ones these are is told by Secrets, seldom in
 * git; without them one element stands for all, in which only the inline `values` are known.
 */
import { sameAnchor } from '../../base/anchor.ts';
import { isKnown, type Known } from '../../facts/field.ts';
import { mergeValues } from '../../facts/install/merge-values.ts';
import { secretText } from '../../facts/objects/secret.ts';
import type { Selector } from '../../facts/objects.ts';
import { readSelector } from '../../facts/read-labels.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import { secretNode } from '../../yaml/secret-text.ts';
import type { ClusterKey, DeployObject, LackedParameter } from '../deployment.ts';
import { madeAt, madeMap, madeScalar } from '../made-nodes.ts';
import { writtenText } from '../read-text.ts';
import { fillTree } from '../templates/fill.ts';
import { clusterSecrets } from './cluster-secrets.ts';
import { clustersByPaths } from './clusters-by-paths.ts';
import { maySelect, selectorText } from './element-selector.ts';
import type { GeneratorContext } from './generators.ts';
import { misspeltSelector } from './misspelt-selector.ts';
import { type ParameterSet, renderWith } from './parameter-set.ts';

export function clusterElements(generator: Cursor, context: GeneratorContext): readonly ParameterSet[] {
  const selector = readSelector(get(generator, 'selector'));
  const values = get(generator, 'values');
  if (selector !== undefined) {
    const secrets = [...clusterSecrets(context.world), ...clusterSecrets(context.world, true)];
    const isTold = ({ at }: LackedParameter): boolean => context.lacked.some((other) => sameAnchor(other.at, at));
    context.lacked.push(...misspeltSelector(selector, secrets).filter((one) => !isTold(one)));
  }
  const told = (params: Cursor): ParameterSet =>
    withValues({ params, keys: [], words: [], several: false, open: false }, values, context);
  const known = clusterSecrets(context.world).flatMap((secret) => clusterParams(secret, selector) ?? []);
  // Which one that is whose name is encrypted paths tell only where no other is known.
  const encrypted = clusterSecrets(context.world, true).flatMap(
    ({ object }) => clusterParams({ object: readable(object) }, selector, unknownCluster(object)) ?? [],
  );
  if (known.length > 0) return [...known, ...encrypted].map(told);
  const byPaths = clustersByPaths(context.spec, context.file, context.world.files);
  if (byPaths.length > 0) return byPaths.map((name) => told(clusterCalled(name, generator)));
  if (encrypted.length > 0) return encrypted.map(told);
  context.unknown.push({
    at: generator.at,
    what: 'which clusters the selector of the generator picks: Secrets of Argo CD tell that, and none of them is in the workspace',
    opens: [],
  });
  const labels = [...(selector?.matchLabels.entries.values() ?? [])];
  const set: ParameterSet = {
    params: unknownCluster(generator),
    keys: selectorKeys(generator, selector),
    words: labels.filter((label) => isKnown(label)),
    several: true,
    open: false,
  };
  return [withValues(set, values, context)];
}

/**
 * Name, address and labels of a cluster, never its credentials; undefined if the selector does not pick it. Of what its Secret
 * holds nobody may be told more than the name.
 */
function clusterParams(
  { object }: Pick<DeployObject, 'object'>,
  selector: Selector | undefined,
  unknown?: Cursor,
): Cursor | undefined {
  const labels = get(object, 'metadata', 'labels');
  const label = (key: string): undefined | { readonly value: string } | 'unknown' => {
    const found = get(labels, key);
    const text = writtenText(found);
    return text === undefined ? undefined : text.includes('{{') ? 'unknown' : { value: text };
  };
  if (selector !== undefined && !maySelect(selector, label)) return undefined;
  const parts: [string, Cursor][] = [];
  for (const key of ['name', 'server', 'project']) {
    const value = secretText(object, key);
    const at = get(object, 'stringData', key)?.at ?? get(object, 'data', key)?.at ?? object.at;
    if (value === undefined || 'unknown' in value) continue;
    const written = madeScalar(value.text, at);
    parts.push([key, madeAt(key === 'name' ? written : secretNode(written), at)]);
  }
  const name = parts.find(([key]) => key === 'name')?.[1];
  if (name !== undefined) parts.push(['nameNormalized', name]);
  const metadata = get(object, 'metadata');
  if (metadata !== undefined) parts.push(['metadata', metadata]);
  const params = madeAt(madeMap(parts, object.at), object.at);
  return unknown === undefined ? params : mergeValues(unknown, params);
}

/** What SOPS left readable: neither the name nor the address. */
function readable(object: Cursor): Cursor {
  const metadata = get(object, 'metadata');
  return madeAt(madeMap(metadata === undefined ? [] : [['metadata', metadata]], object.at), object.at);
}

/** The parameters of a cluster that is not in sight: there, but unknown. */
function unknownCluster({ at }: Cursor): Cursor {
  const names = ['name', 'nameNormalized', 'server', 'project', 'metadata'];
  return madeAt(
    madeMap(
      names.map((name) => [name, madeAt(madeScalar(`{{${name}}}`, at), at)] as const),
      at,
    ),
    at,
  );
}

/** Those of a cluster of which paths tell the name and nothing else. */
function clusterCalled({ value, at }: Known<string>, generator: Cursor): Cursor {
  const name = madeAt(madeScalar(value, at), at);
  const named = madeAt(
    madeMap(
      [
        ['name', name],
        ['nameNormalized', name],
      ],
      at,
    ),
    at,
  );
  return mergeValues(unknownCluster(generator), named);
}

function selectorKeys(generator: Cursor, selector: Selector | undefined): readonly ClusterKey[] {
  const text = selector === undefined ? undefined : selectorText(selector);
  const at = get(generator, 'selector')?.at ?? generator.at;
  return text === undefined ? [] : [{ from: 'selector', value: text, at }];
}

/** Inline values may themselves be templates of the cluster's parameters. */
function withValues(set: ParameterSet, values: Cursor | undefined, context: GeneratorContext): ParameterSet {
  if (values?.node.type !== 'map') return set;
  const filled = fillTree(values, renderWith(set, context), () => false, context.allowance);
  return { ...set, params: mergeValues(set.params, madeAt(madeMap([['values', filled]], values.at), values.at)) };
}
