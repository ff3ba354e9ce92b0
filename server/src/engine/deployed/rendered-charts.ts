/** What charts that deployments would have rendered were rendered to, by whoever may start Helm. */
import { type Cell, cell } from '../../base/incremental.ts';
import { remember } from '../../base/remember.ts';
import type { ChartRequest } from '../../deploy/helm/rendered-chart.ts';

export class RenderedCharts {
  private readonly texts = new Map<string, Cell<string | undefined>>();

  /** What Helm gives; undefined as long as nobody has rendered it. */
  text(request: ChartRequest): string | undefined {
    return remember(this.texts, keyOf(request), () => cell<string | undefined>(undefined)).get();
  }

  /** @param text undefined if it cannot be rendered, or is not to be */
  give(request: ChartRequest, text: string | undefined): void {
    this.texts.get(keyOf(request))?.set(text);
  }

  /** Forgets what is asked for no more. @returns the requests, each once */
  keep(asked: readonly ChartRequest[]): readonly ChartRequest[] {
    const byKey = new Map(asked.map((request) => [keyOf(request), request]));
    for (const key of this.texts.keys()) if (!byKey.has(key)) this.texts.delete(key);
    return [...byKey.values()];
  }
}

function keyOf({ folder, release, namespace, values }: ChartRequest): string {
  return JSON.stringify([folder, release, namespace, values]);
}
