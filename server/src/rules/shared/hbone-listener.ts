/** What makes a listener the one for HBONE, and the edits that make it so. */
import { below } from '../../base/anchor.ts';
import { knownValue } from '../../facts/field.ts';
import type { Listener } from '../../facts/objects.ts';
import type { NodeEdit } from '../../yaml/edit.ts';

/** The port of HBONE, which is the same everywhere (pilot/pkg/model/listener.go, `HBoneInboundListenPort`). */
export const HBONE_PORT = 15008;

/** True if the listener says HBONE, or would but for its letters. */
export function saysHbone({ protocol }: Listener): boolean {
  return knownValue(protocol)?.toUpperCase() === 'HBONE';
}

/** Sets port and protocol where they differ from those of HBONE. */
export function hboneEdits({ at, port, protocol }: Listener): NodeEdit[] {
  const edits: NodeEdit[] = [];
  if (knownValue(port) !== HBONE_PORT) edits.push({ op: 'set', at: below(at, 'port'), value: HBONE_PORT });
  if (knownValue(protocol) !== 'HBONE') edits.push({ op: 'set', at: below(at, 'protocol'), value: 'HBONE' });
  return edits;
}

/** True if nothing but the letters of the protocol keeps a listener from being the one for HBONE. */
export function isMisspeltHbone(listener: Listener): boolean {
  return saysHbone(listener) && knownValue(listener.port) === HBONE_PORT && knownValue(listener.protocol) !== 'HBONE';
}

/** The title of a fix that makes a listener the one for HBONE. */
export const MAKE_HBONE = `Make it the HBONE listener on port ${HBONE_PORT}`;

/** What is told of a Gateway, after its name, whose listener has a string or the like for its port. */
export const NO_NUMBER =
  'has a listener whose port is not a number, so the API server refuses the Gateway. Write the port without quotes.';
