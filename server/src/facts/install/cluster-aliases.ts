/** The arguments by which istiod takes clusters under other names: `--clusterAliases` (pilot/cmd/pilot-discovery/app/cmd.go:155). */
import type { Anchor } from '../../base/anchor.ts';
import { type Cursor, items } from '../../yaml/read.ts';
import { isKnown, isUnknown } from '../field.ts';
import { readString } from '../read-scalar.ts';

const FLAG = '--clusterAliases';

/** Where a list of arguments has the flag, or may have it: an argument that cannot be read. */
export function aliasesIn(args: Cursor | undefined): Anchor | undefined {
  return items(args).find((item) => {
    const argument = readString(item);
    return isUnknown(argument) || (isKnown(argument) && argument.value.startsWith(FLAG));
  })?.at;
}
