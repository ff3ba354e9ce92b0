/** Units whose destinations misspell a cluster, with the facts by which they go to the one that is meant. */
import { sameData } from '../../base/same-data.ts';
import type { FileFacts } from '../../layout/file-facts.ts';
import { sameItems } from '../../mesh/context.ts';
import type { Deployments } from '../deployed/deployments.ts';
import { type MisspeltDestination, misspeltDestinations, sentWhereMeant } from './misspelt-destinations.ts';

type Stating = Pick<Deployments, 'unitsById' | 'refresh' | 'factsOf'>;

export class MisspeltUnits {
  found: readonly MisspeltDestination[] = [];
  private facts: ReadonlyMap<string, FileFacts> = new Map();
  private of: { readonly units: Stating['unitsById']; readonly likely: readonly MisspeltDestination[] } | undefined;

  /** @param isCertain true where nothing but the destination tells of a cluster of that name */
  constructor(
    private readonly deployments: Stating,
    private readonly isCertain: (destination: MisspeltDestination) => boolean,
  ) {}

  /** True if it has to be looked at again: what else tells of a cluster of that name may be in any file. */
  get isOutdated(): boolean {
    return !sameItems(this.certain(), this.found);
  }

  /** Follows what is due. @returns the ids under which something else is stated now */
  refresh(): ReadonlySet<string> {
    const changed = new Set(this.deployments.refresh());
    this.found = this.certain();
    const before = this.facts;
    const after = new Map<string, FileFacts>();
    for (const wrong of this.found) {
      for (const id of wrong.units.keys()) {
        const facts = this.deployments.factsOf(id);
        if (facts !== undefined) after.set(id, sentWhereMeant(facts, wrong));
      }
    }
    this.facts = after;
    for (const id of new Set([...before.keys(), ...after.keys()]))
      if (!sameData(before.get(id), after.get(id))) changed.add(id);
    return changed;
  }

  /** What is stated under an id, by what goes where it is meant to. */
  factsOf(id: string): FileFacts | undefined {
    return this.facts.get(id) ?? this.deployments.factsOf(id);
  }

  private certain(): readonly MisspeltDestination[] {
    const { unitsById: units } = this.deployments;
    if (this.of?.units !== units) this.of = { units, likely: misspeltDestinations(units) };
    return this.of.likely.filter(this.isCertain);
  }
}
