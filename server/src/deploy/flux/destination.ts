/** Which cluster Flux applies something to: its own, unless a kubeconfig tells of another one. */
import { isKnown } from '../../facts/field.ts';
import { type Cursor, get } from '../../yaml/read.ts';
import type { Destination } from '../deployment.ts';
import { writtenField } from '../read-text.ts';

export function fluxDestination(spec: Cursor | undefined): Destination {
  const kubeConfig = get(spec, 'kubeConfig');
  if (kubeConfig === undefined) return { kind: 'own', keys: [], words: [], several: false };
  const name = writtenField(get(kubeConfig, 'secretRef', 'name') ?? get(kubeConfig, 'configMapRef', 'name'));
  if (!isKnown(name)) return { kind: 'unknown', keys: [], words: [], several: false };
  // Cluster API and custom name these Secrets after the cluster.
  const word = name.value.replace(/[-.](?:kubeconfig|kube-config|kubeconf|config)$/i, '');
  return {
    kind: 'named',
    keys: [{ from: 'kubeconfig', value: name.value, at: name.at }],
    words: [{ value: word, at: name.at }],
    several: false,
  };
}
