/** Tells the client that the topology has changed, a moment after the last of some changes. */
import type { Connection } from 'vscode-languageserver';
import { METHODS, type TopologyChanged } from './protocol.ts';
import type { World } from './world.ts';

/** A tree that is redrawn with every key stroke helps nobody. */
const DELAY_MS = 150;

export class TopologyTeller {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly worlds: () => readonly World[],
    private readonly wanted: boolean,
  ) {}

  changed(): void {
    if (!this.wanted || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      // A client that has left meanwhile wants to know nothing more.
      this.tell().catch(() => {});
    }, DELAY_MS);
  }

  private async tell(): Promise<void> {
    await this.connection.sendNotification(METHODS.topologyChanged, summary(this.worlds()));
  }
}

function summary(worlds: readonly World[]): TopologyChanged {
  const findings = worlds.flatMap(({ snapshot }) => snapshot.findings);
  const sum = (count: (world: World) => number): number => worlds.reduce((total, world) => total + count(world), 0);
  return {
    state: worlds.find(({ shownState }) => shownState !== 'ready')?.shownState ?? 'ready',
    kubernetes: worlds.some(({ kubernetes }) => kubernetes),
    files: sum(({ snapshot }) => snapshot.files),
    clusters: sum(({ snapshot }) => snapshot.layout.clusters.size),
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
  };
}
