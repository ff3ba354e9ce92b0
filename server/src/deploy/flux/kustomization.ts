/** Reads a Flux `Kustomization` as what it deploys. */
import { isKnown } from '../../facts/field.ts';
import { isNull } from '../../facts/read-scalar.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { Deployment, DeploySource, DeployWorld, UnknownPart } from '../deployment.ts';
import { madeAt, madeList, madeMap } from '../made-nodes.ts';
import { textAt, writtenField, writtenText } from '../read-text.ts';
import { inRepository } from '../repository-path.ts';
import { fluxDestination } from './destination.ts';
import { substitutionOf } from './post-build.ts';

export function readFluxKustomization(object: Cursor, file: string, world: DeployWorld): Deployment {
  const spec = get(object, 'spec');
  const unknown: UnknownPart[] = [];
  const namespace = writtenField(get(spec, 'targetNamespace'));
  return {
    tool: 'flux',
    file,
    at: object.at,
    name: textAt(object, 'metadata', 'name'),
    cluster: fluxDestination(spec),
    namespace,
    overridesNamespace: namespace !== undefined,
    namespaceLabels: undefined,
    sources: folderOf(object, file, world, unknown),
    unknown,
  };
}

/** Without a `path` it is the root of the source (kustomize-controller API, `spec.path`). */
function folderOf(object: Cursor, file: string, world: DeployWorld, unknown: UnknownPart[]): readonly DeploySource[] {
  const written = get(object, 'spec', 'path');
  const path = writtenField(written);
  if (path !== undefined && !isKnown(path)) {
    unknown.push({ at: path.at, what: `the path ${writtenText(written)}` });
    return [];
  }
  const folder = inRepository(world.files, file, path?.value ?? '');
  const at = path?.at ?? object.at;
  if (folder === undefined || !world.files.isFolder(folder)) {
    unknown.push({ at, what: `the folder ${path?.value ?? ''}` });
    return [];
  }
  const start = folder === '' ? '' : `${folder}/`;
  return [
    {
      kind: 'folder',
      at,
      path: folder,
      build: 'kustomize',
      takes: (candidate) => candidate.startsWith(start) && /\.ya?ml$/i.test(candidate),
      overlay: overlayOf(object),
      substitute: substitutionOf(object, file, world, unknown),
    },
  ];
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
