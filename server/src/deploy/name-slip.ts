/** Names that are likely meant to be the same. */
import { editDistance } from '../config/did-you-mean.ts';

/** Longer names may be off by two letters; shorter ones then would be other names. */
const LONG = 8;

/** True for a name that is a letter or two off; a number tells others apart. */
export function isSlip(name: string, meant: string): boolean {
  const letters = name.length > LONG ? 2 : 1;
  if (Math.abs(name.length - meant.length) > letters) return false;
  return editDistance(name, meant) <= letters && name.replaceAll(/\d/g, '') !== meant.replaceAll(/\d/g, '');
}
