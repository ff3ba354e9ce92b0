/** Settings of istiod that a misspelt key of its values hides: values-key-misspelt tells of them. */
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { clusterOf } from './wording.ts';

/** The maps that hold a setting: a misspelt key of one hides all that is in it. */
const HOLDERS = { trustDomain: ['meshConfig'], meshID: ['global'] } as const;

/** True if a setting may be written where nothing reads it. */
export function isMisspelt(mesh: Mesh, cluster: ClusterId, setting: keyof typeof HOLDERS): boolean {
  const keys: readonly string[] = [setting, ...HOLDERS[setting]];
  const { misspeltValues = [] } = clusterOf(mesh, cluster)?.install ?? {};
  return misspeltValues.some(({ meant }) => keys.includes(meant));
}
