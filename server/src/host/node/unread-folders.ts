/** Folders that are never read, whatever the configuration says: they hold other people's manifests, or none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const NEVER_READ: ReadonlySet<string> = new Set(['.git', 'node_modules', 'vendor', '.terraform']);

export function isNeverRead(name: string): boolean {
  return NEVER_READ.has(name);
}

/**
 * True for an unpacked Istio release, such as `istio-1.30.2`: its samples and profiles belong to no cluster.
 * @param folder absolute path
 */
export function isIstioRelease(folder: string, name: string): boolean {
  if (!/^istio-\d+\.\d+/.test(name)) return false;
  const has = (...path: string[]): boolean => existsSync(join(folder, ...path));
  return (has('manifests') && has('samples')) || has('bin', 'istioctl') || has('bin', 'istioctl.exe');
}
