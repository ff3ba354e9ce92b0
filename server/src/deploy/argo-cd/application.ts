/** Reads an Argo CD `Application`, or the filled template of an `ApplicationSet`, as what it deploys. */
import { withoutEndSlashes } from '../../base/relative-path.ts';
import { isKnown, type Known } from '../../facts/field.ts';
import { readLabels } from '../../facts/read-labels.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import type { ClusterKey, Deployment, DeploySource, DeployWorld, Destination, UnknownPart } from '../deployment.ts';
import { textAt, writtenField } from '../read-text.ts';
import { isSuspended } from '../suspended.ts';
import { readSource, repositoryOf, type SourceInput } from './application-source.ts';
import { otherKeys } from './cluster-secrets.ts';

/** Argo CD leaves an application with it as it is (argo-cd `common.AnnotationKeyAppSkipReconcile`). */
const SKIP_RECONCILE = 'argocd.argoproj.io/skip-reconcile';

/** What a generator adds to the application that it makes. */
export interface Element {
  readonly keys: readonly ClusterKey[];
  readonly words: readonly Known<string>[];
  readonly several: boolean;
  /** True if its path is that of no folder in sight. */
  readonly isElsewhere?: boolean | undefined;
  /** The address that it fills into the destination: a part of it may be a Secret's, which the application does not hold. */
  readonly server?: Cursor | undefined;
}

const NO_ELEMENT: Element = { keys: [], words: [], several: false };

/** @param application the object, or a template with `metadata` and `spec` */
export function readApplication(
  application: Cursor,
  file: string,
  world: DeployWorld,
  element: Element = NO_ELEMENT,
): Deployment {
  const spec = get(application, 'spec');
  const unknown: UnknownPart[] = [];
  const namespace = writtenField(get(spec, 'destination', 'namespace'));
  const labels = get(spec, 'syncPolicy', 'managedNamespaceMetadata', 'labels');
  return {
    tool: 'argo-cd',
    file,
    at: application.at,
    name: textAt(application, 'metadata', 'name'),
    cluster: destinationOf(spec, element, world),
    namespace,
    overridesNamespace: false,
    namespaceLabels: labels === undefined ? undefined : readLabels(labels),
    sources: sourcesOf(spec, { file, namespace, isElsewhere: element.isElsewhere }, world, unknown),
    isSuspended: isSuspended(get(application, 'metadata', 'annotations', SKIP_RECONCILE), unknown),
    unknown,
  };
}

/** `sources` wins over `source` where both are written (argo-cd `ApplicationSpec.GetSources`). */
function sourcesOf(
  spec: Cursor | undefined,
  around: Pick<SourceInput, 'file' | 'namespace' | 'isElsewhere'>,
  world: DeployWorld,
  unknown: UnknownPart[],
): readonly DeploySource[] {
  const many = items(get(spec, 'sources'));
  const single = get(spec, 'source') ?? get(spec, 'sourceHydrator', 'drySource');
  const sources = many.length > 0 ? many : single === undefined ? [] : [single];
  const refs = new Map(
    sources.flatMap((source): [string, string | undefined][] => {
      const ref = textAt(source, 'ref');
      return ref === undefined ? [] : [[ref, repositoryOf(source)]];
    }),
  );
  return sources.flatMap((source) => readSource({ ...around, source, refs }, world, unknown) ?? []);
}

/** The address of the cluster that an Argo CD runs in, as seen from there: in every Argo CD another one. */
const OWN_SERVER = /^https:\/\/kubernetes\.default(?:\.svc(?:\.cluster\.local)?)?(?::443)?\/?$/;

function destinationOf(spec: Cursor | undefined, element: Element, world: DeployWorld): Destination {
  const name = writtenField(get(spec, 'destination', 'name'));
  const server = writtenField(element.server ?? get(spec, 'destination', 'server'));
  const keys: ClusterKey[] = [...element.keys];
  const isOwn = (isKnown(name) && name.value === 'in-cluster') || (isKnown(server) && OWN_SERVER.test(server.value));
  if (isOwn) return { kind: 'own', keys: [], words: element.words, several: false };
  if (isKnown(name)) keys.unshift({ from: 'name', value: name.value, at: name.at });
  if (isKnown(server)) keys.unshift({ from: 'server', value: withoutEndSlashes(server.value), at: server.at });
  // A Secret in git tells that a name and an address are one cluster.
  keys.push(...keys.slice(0, keys.length - element.keys.length).flatMap((key) => otherKeys(key, world)));
  const named = keys.some(({ from }) => from !== 'selector') || (keys.length > 0 && !element.several);
  return { kind: named ? 'named' : 'unknown', keys, words: element.words, several: element.several };
}
