/** Environment variables of istiod and ztunnel, from Helm's maps and from Kubernetes' lists (A.0.1). */
import { below } from '../../base/anchor.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { goParseBool } from '../../yaml/scalar.ts';
import { type Field, isKnown, knownValue, type Stated, type Unknown } from '../field.ts';
import { isNull, reach, readNonEmpty, readWord, unknownNode } from '../read-scalar.ts';
import { printed } from './chart-values.ts';

export interface Env {
  readonly vars: ReadonlyMap<string, Stated<string>>;
  /** Set if variables may exist that cannot be read (a templated map). */
  readonly open: Unknown | undefined;
}

export const NO_ENV: Env = { vars: new Map(), open: undefined };

/** A map of names to values, as the charts take it. A null value is printed and thus no boolean: the empty text. */
export function readEnvMap(map: Cursor | undefined): Env {
  if (map === undefined || isNull(map.node)) return NO_ENV;
  const reason = unknownNode(map.node) ?? (map.node.type === 'map' ? undefined : 'wrong-type');
  if (reason !== undefined) return { vars: NO_ENV.vars, open: { unknown: reason, at: map.at } };
  const vars = new Map<string, Stated<string>>();
  for (const [name, value] of entries(map)) vars.set(name, printed(value) ?? { value: '', at: value.at });
  return { vars, open: undefined };
}

/** A list of `{name, value}` as in a container; the last entry of a name counts. */
export function readEnvList(list: Cursor | undefined): Env {
  if (list === undefined || isNull(list.node)) return NO_ENV;
  const reason = unknownNode(list.node) ?? (list.node.type === 'seq' ? undefined : 'wrong-type');
  if (reason !== undefined) return { vars: NO_ENV.vars, open: { unknown: reason, at: list.at } };
  const vars = new Map<string, Stated<string>>();
  for (const item of items(list)) {
    const name = knownValue(readWord(get(item, 'name')));
    if (name === undefined) continue;
    const value = get(item, 'value');
    const from = get(item, 'valueFrom');
    if (from !== undefined) vars.set(name, { unknown: 'value-from', at: from.at });
    else vars.set(name, printed(value) ?? { value: '', at: value?.at ?? below(item.at, 'value') });
  }
  return { vars, open: undefined };
}

const PATCHED_ENV = /^spec\.template\.spec\.containers\.\[name:discovery\]\.env\.\[name:([^\]]+)\]\.value$/;

/** What `k8s.overlays` of an IstioOperator set in istiod's Deployment (oracle `iop-k8s-overlays`). */
export function readOverlayEnv(overlays: Cursor | undefined): Env {
  const vars = new Map<string, Stated<string>>();
  for (const overlay of items(overlays)) {
    if (knownValue(readNonEmpty(get(overlay, 'kind'))) !== 'Deployment') continue;
    for (const patch of items(get(overlay, 'patches'))) {
      const name = PATCHED_ENV.exec(knownValue(readNonEmpty(get(patch, 'path'))) ?? '')?.[1];
      const value = get(patch, 'value');
      if (name !== undefined) vars.set(name, printed(value) ?? { value: '', at: patch.at });
    }
  }
  return { vars, open: undefined };
}

/** Layers, the later ones winning. One that cannot be read may override whatever lies below it. */
export function mergeEnv(...layers: readonly Env[]): Env {
  const vars = new Map<string, Stated<string>>();
  let open: Unknown | undefined;
  for (const layer of layers) {
    if (layer.open !== undefined) vars.clear();
    for (const [name, value] of layer.vars) vars.set(name, value);
    open = layer.open ?? open;
  }
  return { vars, open };
}

export function envValue(env: Env, name: string): Field<string> {
  return env.vars.get(name) ?? env.open;
}

/** A flag as istiod reads it: what `strconv.ParseBool` does not know counts as the default, false. */
export function envFlag(env: Env, name: string): Field<boolean> {
  const field = envValue(env, name);
  return isKnown(field) ? { value: goParseBool(field.value) ?? false, at: field.at } : field;
}

/** The namespace of `CA_TRUSTED_NODE_ACCOUNTS` (`ns/ztunnel`, the first one of a list), which the istiod chart sets unless the user does. */
export function trustedNamespace(env: Env): Field<string> {
  const accounts = envValue(env, 'CA_TRUSTED_NODE_ACCOUNTS');
  if (!isKnown(accounts)) return accounts;
  const namespace = accounts.value.split(',')[0]?.split('/')[0]?.trim() ?? '';
  return namespace === '' ? undefined : { value: namespace, at: accounts.at };
}

/** `env` of the container with which an installer's `k8s` section is merged. */
export function componentEnv(spec: Cursor | undefined, component: string): Cursor | undefined {
  return reach(spec, 'components', component, 'k8s', 'env');
}
