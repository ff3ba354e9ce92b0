/** Has charts rendered by the host's Helm: where the client says that the user wants it and that the workspace is trusted, and nowhere else. */
import { isWithin } from '../base/relative-path.ts';
import type { Engine } from '../engine/engine.ts';
import type { Charts } from '../host/ports.ts';

export class ChartRenderer {
  /** Requests that were answered. */
  private rendered = new Set<string>();
  /** The folders of their charts. */
  private folders = new Set<string>();

  constructor(
    private readonly charts: Charts,
    private readonly root: string,
    private readonly failed: (what: string, problem: string) => void,
  ) {}

  /** Nothing is known of what the engine was given. */
  reset(): void {
    this.rendered = new Set();
    this.folders = new Set();
  }

  /** True if Helm has read a file: whatever lies in the folder of a chart may be a part of it. */
  reads(file: string): boolean {
    return [...this.folders].some((folder) => isWithin(file, folder));
  }

  /**
   * Gives the engine what it has charts for that were not rendered yet, or of which a file changed.
   * @param isOn false takes back what was given
   */
  async follow(engine: Engine, isOn: boolean, changed: readonly string[]): Promise<void> {
    if (!isOn && this.rendered.size === 0) return;
    const before = this.rendered;
    this.reset();
    for (const request of engine.chartsToRender()) {
      if (!isOn) {
        engine.chartRendered(request, undefined);
        continue;
      }
      const key = JSON.stringify(request);
      this.rendered.add(key);
      this.folders.add(request.folder);
      if (before.has(key) && !changed.some((file) => isWithin(file, request.folder))) continue;
      const rendering = await this.charts.render(this.root, request);
      if ('problem' in rendering) this.failed(`rendering the chart ${request.folder}`, rendering.problem);
      engine.chartRendered(request, 'text' in rendering ? rendering.text : undefined);
    }
  }
}
