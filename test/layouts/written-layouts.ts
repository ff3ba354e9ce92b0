/** Writes one and the same mesh down as repositories do: the ways in which teams lay out what their clusters get. */

import type { WrittenLayout } from './writing.ts';
import { DEPLOYMENTS } from './written-deployments.ts';
import { MIXED } from './written-mixed.ts';
import { OVERLAYS } from './written-overlays.ts';
import { PLAIN } from './written-plainly.ts';

export const LAYOUTS: readonly WrittenLayout[] = [...PLAIN, ...OVERLAYS, ...DEPLOYMENTS, ...MIXED];
