/** Conclusions from the world alone, drawn once for all deployments that rest on them, and again only when what they read has changed. */
import { Lifetime } from '../base/incremental.ts';
import { sameData } from '../base/same-data.ts';
import type { DeployWorld } from './deployment.ts';

/** A conclusion about what a key tells. It must be a function of its own, not one made for the call. */
export type Conclusion<T> = (world: DeployWorld, key: string) => T;

export class Conclusions {
  private readonly lifetime = new Lifetime();
  private readonly families = new Map<Conclusion<unknown>, (key: string) => unknown>();

  constructor(private readonly world: () => DeployWorld) {}

  of<T>(conclude: Conclusion<T>, key: string): T {
    let family = this.families.get(conclude) as ((key: string) => T) | undefined;
    if (family === undefined) {
      family = this.lifetime.family((key: string) => conclude(this.world(), key), sameData);
      this.families.set(conclude, family);
    }
    return family(key);
  }

  /** Forgets what nothing has rested on for long. Not while something is concluded. */
  letGo(): void {
    this.lifetime.letGo();
  }
}
