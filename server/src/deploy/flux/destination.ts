/** Which cluster Flux applies something to: its own, unless a kubeconfig tells of another one. */
import { isKnown } from '../../facts/field.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { Destination } from '../deployment.ts';
import { textAt, writtenField } from '../read-text.ts';

/** A Secret of such a name is in the namespace that is the cluster's, unless that is one of every cluster. */
const NAMELESS = /^(?:kube-?config|kubeconf|config|value)$/i;
const COMMON = /^(?:default|flux-system|istio-.*)$/;

/** @param object what tells Flux to apply something */
export function fluxDestination(object: Cursor): Destination {
  const spec = get(object, 'spec');
  const kubeConfig = get(spec, 'kubeConfig');
  if (kubeConfig === undefined) return { kind: 'own', keys: [], words: [], several: false };
  const name = writtenField(get(kubeConfig, 'secretRef', 'name') ?? get(kubeConfig, 'configMapRef', 'name'));
  if (!isKnown(name)) return { kind: 'unknown', keys: [], words: [], several: false };
  const namespace = textAt(object, 'metadata', 'namespace');
  const isNameless = namespace !== undefined && NAMELESS.test(name.value) && !COMMON.test(namespace);
  // Cluster API and custom name these Secrets after the cluster.
  const word = isNameless ? namespace : name.value.replace(/[-.](?:kubeconfig|kube-config|kubeconf|config)$/i, '');
  return {
    kind: 'named',
    keys: [{ from: 'kubeconfig', value: isNameless ? `${namespace}/${name.value}` : name.value, at: name.at }],
    words: [{ value: word, at: name.at }],
    several: false,
  };
}
