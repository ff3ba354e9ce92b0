/** Whether istio-cni redirects Pods to ztunnel: its own switch, else its profile (manifests/charts/istio-cni, `ambient.enabled`). */
import type { Anchor } from '../../base/anchor.ts';
import { type Field, isKnown, isUnknown } from '../field.ts';
import { ambientPlace, type FormReading } from './control-plane.ts';
import { chartProfile } from './profiles.ts';

export interface CniInput {
  /** `cni.ambient.enabled`, which the chart copies over the root after the profile. */
  readonly stated: Field<boolean>;
  /** `ambient.enabled` at the root of the chart's own values, which the profile beats. */
  readonly root?: Field<boolean>;
  readonly profile: Field<string>;
  /** Where a profile is written if none is. */
  readonly profileAt: Anchor;
  readonly by: 'installer' | 'chart';
  /** The statement: where a switch that is left out is shown. */
  readonly at: Anchor;
  readonly layersOpen: boolean;
}

export function readCni(input: CniInput): Pick<FormReading, 'cniAmbient' | 'cniPlace'> {
  const { stated, root, profile, profileAt, by } = input;
  return {
    cniAmbient: cniSwitch(input),
    cniPlace: ambientPlace(stated ?? root, true, profile, profileAt, by),
  };
}

function cniSwitch({ stated, root, profile, at, layersOpen }: CniInput): Field<boolean> {
  if (stated !== undefined) return stated;
  if (isUnknown(profile)) return profile;
  if (isKnown(profile) && chartProfile(profile.value)?.ambient === true) return { value: true, at: profile.at };
  if (root !== undefined) return root;
  return layersOpen ? { unknown: 'layered', at } : { value: false, at: profile?.at ?? at };
}
