/** Signs that a cluster is a remote, or a primary that serves remotes (semantics.md A.2). */
import type { Anchor } from '../../base/anchor.ts';
import type { Cursor } from '../../yaml/read.ts';
import { type Field, isKnown, knownValue } from '../field.ts';
import type { ControlPlaneSign } from '../install.ts';
import { reach } from '../read-scalar.ts';
import { named, switchedOn } from './chart-values.ts';
import { type Env, envFlag, envValue } from './env.ts';

/**
 * True for the address of something inside the same cluster: a Service name, fully qualified or not. Up to Istio 1.5 the default was
 * `istio-pilot.istio-system`, without a domain.
 */
function isInCluster(address: string): boolean {
  const host = address.replace(/^[a-z]+:\/\//, '').replace(/:\d+$/, '');
  return /\.svc(?:\.|$)/.test(host) || /^[a-z][\w-]*\.istio-system$/.test(host) || !/[.:]/.test(host);
}

/** A sign if the address, which ztunnel or proxies use for istiod, leads out of the cluster. */
export function foreignAddress(field: Field<string>, what: string): ControlPlaneSign[] {
  return isKnown(field) && !isInCluster(field.value) ? [{ at: field.at, role: 'remote', what }] : [];
}

/** The signs in the values of the istiod chart. */
export function valuesSigns(values: Cursor | undefined, profile: Field<string>): ControlPlaneSign[] {
  const signs: ControlPlaneSign[] = [];
  const add = (at: Anchor, role: ControlPlaneSign['role'], what: string): void => void signs.push({ at, role, what });
  if (isKnown(profile) && profile.value === 'remote') add(profile.at, 'remote', 'profile: remote');

  const remoteSwitches = [
    ['istiodRemote', 'enabled'],
    ['global', 'configCluster'],
  ];
  for (const path of remoteSwitches) {
    const cursor = reach(values, ...path);
    if (cursor !== undefined && switchedOn(cursor)) add(cursor.at, 'remote', path.join('.'));
  }
  const remoteTexts = [
    ['global', 'remotePilotAddress'],
    ['istiodRemote', 'injectionURL'],
  ];
  for (const path of remoteTexts) {
    const field = named(reach(values, ...path), 'printed');
    // a placeholder may come to nothing
    if (isKnown(field)) add(field.at, 'remote', path.join('.'));
  }
  // The chart's own default is `/inject`; only the path with a cluster in it speaks of another istiod.
  const injectionPath = named(reach(values, 'istiodRemote', 'injectionPath'), 'printed');
  if (injectionPath !== undefined && knownValue(injectionPath)?.startsWith('/inject/cluster/') === true) {
    add(injectionPath.at, 'remote', 'istiodRemote.injectionPath');
  }
  const external = reach(values, 'global', 'externalIstiod');
  if (external !== undefined && switchedOn(external)) add(external.at, 'external', 'global.externalIstiod');
  return signs;
}

/** The signs in istiod's environment. */
export function envSigns(env: Env): ControlPlaneSign[] {
  const signs: ControlPlaneSign[] = [];
  for (const name of ['EXTERNAL_ISTIOD', 'LOCAL_CLUSTER_SECRET_WATCHER']) {
    const flag = envFlag(env, name);
    if (isKnown(flag) && flag.value) signs.push({ at: flag.at, role: 'external', what: name });
  }
  const shared = envValue(env, 'SHARED_MESH_CONFIG');
  if (isKnown(shared) && shared.value !== '')
    signs.push({ at: shared.at, role: 'external', what: 'SHARED_MESH_CONFIG' });
  return signs;
}
