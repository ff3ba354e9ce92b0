/** What makes kustomize give up: thrown where it happens, caught by the step that a build can go on after. */
import type { Anchor } from '../../base/anchor.ts';
import type { KustomizeProblemClass, ObjectId } from './build-result.ts';

export interface RefusalDetails {
  /** The place, if it is another one than the entry that is being evaluated. */
  readonly at?: Anchor;
  readonly related?: readonly Anchor[];
  readonly path?: string;
  /** The object that is not there. */
  readonly lacked?: ObjectId;
}

export class Refusal extends Error {
  constructor(
    readonly problemClass: KustomizeProblemClass,
    message: string,
    readonly details: RefusalDetails = {},
  ) {
    super(message);
  }
}

/** Thrown where a step makes more than anybody deploys: what kustomize would make of it is not known. */
export class TooLarge extends Error {
  constructor(readonly at?: Anchor) {
    super('too large');
  }
}

/** Runs a step; what it is refused for goes to `refused`, anything else is a bug and goes on its way. */
export function attempt(step: () => void, refused: (refusal: Refusal) => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refused(error);
  }
}
