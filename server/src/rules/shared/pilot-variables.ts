/** Environment variables of istiod: what is known of one, and the fix that sets it. */
import { below } from '../../base/anchor.ts';
import { type Field, isUnknown } from '../../facts/field.ts';
import type { InstallSettings } from '../../facts/install.ts';
import type { NodeEdit } from '../../yaml/edit.ts';

/** The variable; unknown where it may be set by something that is not in sight. */
export function pilotVariable({ pilotEnv, pilotEnvOpen }: InstallSettings, name: string): Field<string> {
  return pilotEnv.get(name) ?? pilotEnvOpen;
}

/** The edit that sets a variable which is not written yet, beside the others; none where it cannot be written. */
export function addPilotVariable(
  { places, pilotEnvOpen }: InstallSettings,
  name: string,
  value: string,
): readonly NodeEdit[] {
  const place = places.pilotEnv;
  if (place === undefined || isUnknown(pilotEnvOpen)) return [];
  return place.isList
    ? [{ op: 'append', at: place.at, value: { name, value } }]
    : [{ op: 'set', at: below(place.at, name), value }];
}
