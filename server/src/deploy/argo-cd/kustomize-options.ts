/** Turns `source.kustomize` of Argo CD into the kustomization that it amounts to (argo-cd `util/kustomize`). */

import { isNull } from '../../facts/read-scalar.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import type { DeployWorld } from '../deployment.ts';
import { referredObject } from '../flux/referred-object.ts';
import { madeAt, madeList, madeMap, madeScalar } from '../made-nodes.ts';
import { isSet, textAt, writtenText } from '../read-text.ts';

/** Fields that a kustomization states alike. */
const SAME = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'patches',
  'components',
  'commonAnnotations',
  'replicas',
] as const;

/** The kustomization that Argo CD lays upon the folder; undefined if it lays nothing. */
export function kustomizeOverlay(source: Cursor): Cursor | undefined {
  const options = get(source, 'kustomize');
  if (options === undefined || options.node.type !== 'map') return undefined;
  const parts: [string, Cursor][] = [];
  for (const key of SAME) {
    const value = get(options, key);
    if (value !== undefined && !isNull(value.node)) parts.push([key, value]);
  }
  const labels = get(options, 'commonLabels');
  if (labels?.node.type === 'map') parts.push(...labelParts(options, labels));
  const images = items(get(options, 'images')).flatMap((image) => imageEntry(image) ?? []);
  if (images.length > 0) parts.push(['images', madeAt(madeList(images, options.at), options.at)]);
  return parts.length === 0 ? undefined : madeAt(madeMap(parts, options.at), options.at);
}

/** True if the ConfigMap `argocd-cm` in sight tells so (argo-cd `util/settings`, `kustomize.buildOptions`, and `kustomize.buildOptions.<version>`). */
export function readsOutside(source: Cursor, file: string, world: DeployWorld): boolean {
  const version = textAt(source, 'kustomize', 'version');
  const key = `kustomize.buildOptions${version === undefined ? '' : `.${version}`}`;
  const settings = world.remembered(settingsFor, file);
  return /--load[-_]restrictor[=\s]+(?:LoadRestrictionsNone|none)\b/.test(textAt(settings, 'data', key) ?? '');
}

function settingsFor(world: DeployWorld, file: string): Cursor | undefined {
  return referredObject(world, file, { kind: 'ConfigMap', namespace: undefined, name: 'argocd-cm' });
}

function labelParts(options: Cursor, labels: Cursor): [string, Cursor][] {
  if (!isSet(options, 'labelWithoutSelector')) return [['commonLabels', labels]];
  const flag = madeAt(
    madeScalar(isSet(options, 'labelIncludeTemplates') ? 'true' : 'false', labels.at, 'plain'),
    labels.at,
  );
  const pairs = madeMap(
    [
      ['pairs', labels],
      ['includeTemplates', flag],
    ],
    labels.at,
  );
  return [['labels', madeAt(madeList([madeAt(pairs, labels.at)], labels.at), labels.at)]];
}

/** `name=new/name:tag`, `name:tag` or `name@digest`, as `kustomize edit set image` takes it; Argo CD's older `name=tag` too. */
function imageEntry(image: Cursor): Cursor | undefined {
  const text = writtenText(image);
  const match = /^(?:([^=]+)=)?([^@]*?)(?::([\w.-]+))?(?:@(.+))?$/.exec(text ?? '');
  if (text === undefined || match === null) return undefined;
  const [, alias, name = '', tag, digest] = match;
  const made = (value: string): Cursor => madeAt(madeScalar(value, image.at), image.at);
  const parts: [string, Cursor][] = [['name', made(alias ?? name)]];
  if (alias !== undefined && name !== '' && name !== alias) parts.push(['newName', made(name)]);
  if (tag !== undefined) parts.push(['newTag', made(tag)]);
  if (digest !== undefined) parts.push(['digest', made(digest)]);
  return madeAt(madeMap(parts, image.at), image.at);
}
