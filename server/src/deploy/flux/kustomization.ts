/** Reads a Flux `Kustomization` as what it deploys. */
import { below, keyOf } from '../../base/anchor.ts';
import { isKnown } from '../../facts/field.ts';
import { isNull } from '../../facts/read-scalar.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { Deployment, DeploySource, DeployWorld, UnknownPart } from '../deployment.ts';
import { madeAt, madeList, madeMap } from '../made-nodes.ts';
import { textAt, writtenField, writtenText } from '../read-text.ts';
import { comparableUrl, foundPath, inRepository, lackedFolder } from '../repository-path.ts';
import { isSuspended } from '../suspended.ts';
import { fluxDestination } from './destination.ts';
import { substitutionOf } from './post-build.ts';
import { referredObject } from './referred-object.ts';

export function readFluxKustomization(object: Cursor, file: string, world: DeployWorld): Deployment {
  const spec = get(object, 'spec');
  const unknown: UnknownPart[] = [];
  const namespace = writtenField(get(spec, 'targetNamespace'));
  return {
    tool: 'flux',
    file,
    at: object.at,
    name: textAt(object, 'metadata', 'name'),
    cluster: fluxDestination(object),
    namespace,
    overridesNamespace: namespace !== undefined,
    namespaceLabels: undefined,
    sources: folderOf(object, file, world, unknown),
    isSuspended: isSuspended(get(spec, 'suspend'), unknown),
    unknown,
  };
}

/** Without a `path` it is the root of the source (kustomize-controller API, `spec.path`). */
function folderOf(object: Cursor, file: string, world: DeployWorld, unknown: UnknownPart[]): readonly DeploySource[] {
  const written = get(object, 'spec', 'path');
  const path = writtenField(written);
  if (path !== undefined && !isKnown(path)) {
    unknown.push({ at: path.at, what: `the path ${writtenText(written)}`, opens: [] });
    return [];
  }
  const folder = isElsewhere(object, file, world) ? undefined : inRepository(world.files, file, path?.value ?? '');
  const at = path?.at ?? object.at;
  if (folder === undefined || !world.files.isFolder(folder)) {
    const isOwn = path !== undefined && isBootstrapped(object) && !isElsewhere(object, file, world);
    const lacks = isOwn ? { lacks: lackedFolder('flux', path.value, BOOTSTRAPPED) } : {};
    unknown.push({ at, what: `the folder ${path?.value ?? ''}`, ...lacks, opens: [] });
    return [];
  }
  const start = folder === '' ? '' : `${folder}/`;
  const substitute = substitutionOf(object, file, world, unknown);
  return [
    {
      kind: 'folder',
      at,
      path: folder,
      build: 'kustomize',
      takes: (candidate) => candidate.startsWith(start) && /\.ya?ml$/i.test(candidate),
      overlay: overlayOf(object),
      overlayOf: (other) => ({ overlay: overlayOf(other) }),
      // fluxcd/pkg/kustomize, `Build`: LoadRestrictionsNone.
      readsOutside: true,
      substitute,
      ...(substitute === undefined ? { unfilled: keyOf(below(object.at, 'spec')) } : {}),
      found: foundPath(isBootstrapped(object) ? BOOTSTRAPPED : undefined, path?.value ?? '', folder),
    },
  ];
}

/** What `flux bootstrap` calls the repository that it was told of. */
const BOOTSTRAPPED = 'flux-system';

/** True if it applies what lies in the repository that Flux was bootstrapped from, as `flux bootstrap` names it. */
function isBootstrapped(object: Cursor): boolean {
  const source = get(object, 'spec', 'sourceRef');
  return textAt(source, 'kind') === 'GitRepository' && textAt(source, 'name') === BOOTSTRAPPED;
}

/** True if it applies what lies in another git repository than the one that Flux was bootstrapped from, which is named `flux-system`. */
function isElsewhere(object: Cursor, file: string, world: DeployWorld): boolean {
  const source = get(object, 'spec', 'sourceRef');
  const urlOf = (name: string | undefined, namespace: string | undefined): string | undefined =>
    comparableUrl(textAt(referredObject(world, file, { kind: 'GitRepository', namespace, name }), 'spec', 'url'));
  if (textAt(source, 'kind') !== 'GitRepository') return false;
  const own = urlOf('flux-system', 'flux-system');
  const url = urlOf(textAt(source, 'name'), textAt(source, 'namespace') ?? textAt(object, 'metadata', 'namespace'));
  return own !== undefined && url !== undefined && own !== url;
}

/** Fields of the Kustomization that are written into `kustomization.yaml` (fluxcd/pkg/kustomize, `Generator.WriteFile`). */
const SAME = [
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'images',
  'components',
  'namePrefix',
  'nameSuffix',
];

function overlayOf(object: Cursor): Cursor | undefined {
  const spec = get(object, 'spec');
  const parts: [string, Cursor][] = [];
  const take = (key: string, value: Cursor | undefined): void => {
    if (value !== undefined && !isNull(value.node)) parts.push([key, value]);
  };
  for (const key of SAME) take(key, get(spec, key));
  take('namespace', get(spec, 'targetNamespace'));
  take('commonAnnotations', get(spec, 'commonMetadata', 'annotations'));
  const labels = get(spec, 'commonMetadata', 'labels');
  if (labels?.node.type === 'map') {
    const entry = madeAt(madeMap([['pairs', labels]], labels.at), labels.at);
    take('labels', madeAt(madeList([entry], labels.at), labels.at));
  }
  return parts.length === 0 ? undefined : madeAt(madeMap(parts, object.at), object.at);
}
