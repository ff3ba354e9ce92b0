/**
 * Secrets, written as such or as a SealedSecret or an ExternalSecret that becomes one: names of keys, and the few things that tell
 * whether istiod can use them. A value never becomes part of a fact.
 */
import { type Anchor, below } from '../../base/anchor.ts';
import { decodeBase64 } from '../../base/base64.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { type Field, isKnown, type Known, type UnknownReason } from '../field.ts';
import type { Kubeconfig, ObjectBase, SecretObject } from '../objects.ts';
import { readLabels } from '../read-labels.ts';
import { readNonEmpty, unknownNode, unknownReason } from '../read-scalar.ts';
import { isSopsEncrypted, readKeys } from './key-holder.ts';
import { readKubeconfig, UNKNOWN_KUBECONFIG } from './kubeconfig.ts';
import { rootDigests } from './root-certificates.ts';

/** With the value `true`, istiod reads the Secret as kubeconfigs of other clusters (pkg/kube/multicluster/secretcontroller.go:43). */
export const REMOTE_SECRET_LABEL = 'istio/multiCluster';

/** The Secret with the intermediate certificate of Istio's own CA (security/pkg/pki/ca/ca.go:66). */
export const CA_SECRET = 'cacerts';

/** The keys of a `kubernetes.io/tls` Secret; with the first of them istiod looks for no other ones (pilot/pkg/bootstrap/istio_ca.go:228-243). */
export const TLS_CERTIFICATE = 'tls.crt';
const TLS_ROOT = 'ca.crt';
const ROOT = 'root-cert.pem';

/** A value of a Secret: its text, or why it cannot be known. Lives only while the document is read. */
export type Secrecy = { readonly text: string } | { readonly unknown: UnknownReason };

export function readSecret(object: Cursor, base: ObjectBase): SecretObject {
  const keys = readKeys(object, ['data', 'stringData']);
  if (isSopsEncrypted(object)) return sealed(base, keys);
  return {
    kind: 'Secret',
    ...base,
    keys,
    encrypted: false,
    kubeconfigs: kubeconfigsOf(base, keys, (key) => {
      const value = secretText(object, key);
      return value !== undefined && 'text' in value ? readKubeconfig(value.text, key) : UNKNOWN_KUBECONFIG;
    }),
    rootCertificates: base.name.value === CA_SECRET ? rootsOf(object, keys) : undefined,
  };
}

/** A SealedSecret: the Secret has its name and namespace, and the labels of the template. */
export function readSealedSecret(object: Cursor, base: ObjectBase): SecretObject {
  const spec = get(object, 'spec');
  const template = get(spec, 'template');
  return sealed(withTemplate(base, template, below(object.at, 'spec', 'template')), [
    ...readKeys(spec, ['encryptedData']),
    ...readKeys(template, ['data']),
  ]);
}

/** An ExternalSecret. Without a template it hands on its own labels; what it draws with `dataFrom` has keys that are not in sight. */
export function readExternalSecret(object: Cursor, base: ObjectBase): SecretObject {
  const spec = get(object, 'spec');
  const name = readNonEmpty(get(spec, 'target', 'name'));
  const template = get(spec, 'target', 'template');
  const templated = readKeys(template, ['data']);
  const drawn = items(get(spec, 'data')).flatMap((item) => {
    const key = readNonEmpty(get(item, 'secretKey'));
    return isKnown(key) ? [key] : [];
  });
  const named = isKnown(name) ? { ...base, name } : base;
  const secret = sealed(
    template === undefined ? named : withTemplate(named, template, template.at),
    templated.length > 0 ? templated : drawn,
  );
  const more = get(spec, 'dataFrom') ?? get(template, 'templateFrom');
  return more === undefined ? secret : { ...secret, kubeconfigs: { unknown: 'value-from', at: more.at } };
}

/** @param at where the template is, or would be: labels that it lacks are to be written there */
function withTemplate(base: ObjectBase, template: Cursor | undefined, at: Anchor): ObjectBase {
  const metadata = get(template, 'metadata');
  const labels = readLabels(get(metadata, 'labels'));
  return {
    ...base,
    labels: { ...labels, at: labels.at ?? below(at, 'metadata', 'labels') },
    annotations: readLabels(get(metadata, 'annotations')),
  };
}

/** A Secret whose values cannot be read. */
function sealed(base: ObjectBase, keys: readonly Known<string>[]): SecretObject {
  return {
    kind: 'Secret',
    ...base,
    keys,
    encrypted: true,
    kubeconfigs: kubeconfigsOf(base, keys, () => UNKNOWN_KUBECONFIG),
    rootCertificates: base.name.value === CA_SECRET ? { unknown: 'encrypted', at: base.at } : undefined,
  };
}

/** What each key's kubeconfig says; undefined if nothing marks the object as a remote secret, unknown with keys that are templated. */
function kubeconfigsOf(
  { labels, at }: ObjectBase,
  keys: readonly Known<string>[],
  read: (key: string) => Kubeconfig,
): Field<ReadonlyMap<string, Kubeconfig>> {
  if (!labels.entries.has(REMOTE_SECRET_LABEL)) return undefined;
  for (const key of keys) {
    const reason = unknownReason(key.value);
    if (reason !== undefined) return { unknown: reason, at: key.at };
  }
  return { value: new Map(keys.map(({ value }) => [value, read(value)])), at };
}

/** The text at a key: `stringData` wins over `data`, which is base64. */
export function secretText(object: Cursor, key: string): Secrecy | undefined {
  const plain = get(object, 'stringData', key);
  const found = plain ?? get(object, 'data', key);
  if (found === undefined) return undefined;
  if (found.node.type !== 'scalar') return { unknown: 'wrong-type' };
  const reason = unknownNode(found.node);
  if (reason !== undefined) return { unknown: reason };
  const text = plain === undefined ? decodeBase64(found.node.text) : found.node.text;
  return text === undefined ? { unknown: 'wrong-type' } : { text };
}

function rootsOf(object: Cursor, keys: readonly Known<string>[]): Field<readonly string[]> {
  const wanted = keys.some(({ value }) => value === TLS_CERTIFICATE) ? TLS_ROOT : ROOT;
  const key = keys.find(({ value }) => value === wanted);
  if (key === undefined) return undefined;
  const value = secretText(object, key.value);
  if (value === undefined || 'unknown' in value) return { unknown: value?.unknown ?? 'wrong-type', at: key.at };
  const digests = rootDigests(value.text);
  return digests === undefined ? { unknown: 'wrong-type', at: key.at } : { value: digests, at: key.at };
}
