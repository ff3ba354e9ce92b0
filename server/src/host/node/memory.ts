/** How much of V8's heap is in use: measured whenever it has collected all garbage, since what is in use in between is mostly that. */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';
import type { Memory } from '../ports.ts';

/** The part of the limit that is for new objects: three times the 16 MB that V8 has for a half of it on machines of 64 bits. */
const YOUNG_BYTES = 3 * 16 * 1024 * 1024;

/** From this share on garbage is collected when a fifth has come to it, so that the measure does not lag behind. */
const NARROW = 0.3;
const GROWTH_PERCENT = 20;

class NodeMemory implements Memory {
  private observer: PerformanceObserver | undefined;
  private count = 0;
  private share = 0;

  get limitMegabytes(): number {
    return Math.round(limit() / 1024 / 1024);
  }

  get collections(): number {
    this.observe();
    return this.count;
  }

  get used(): number {
    this.observe();
    return this.share;
  }

  private observe(): void {
    if (this.observer !== undefined) return;
    this.observer = new PerformanceObserver((list) => {
      if (list.getEntries().some(isWhole)) this.measure();
    });
    this.observer.observe({ entryTypes: ['gc'] });
  }

  private measure(): void {
    this.count++;
    this.share = oldBytes() / limit();
    if (this.share > NARROW) setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
  }
}

/** True for a collection of all garbage. */
function isWhole({ detail }: PerformanceEntry): boolean {
  return (detail as { readonly kind?: number } | undefined)?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

function limit(): number {
  return Math.max(getHeapStatistics().heap_size_limit - YOUNG_BYTES, 1);
}

function oldBytes(): number {
  const old = getHeapSpaceStatistics().filter(({ space_name }) => !space_name.startsWith('new_'));
  return old.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

export const nodeMemory: Memory = new NodeMemory();
