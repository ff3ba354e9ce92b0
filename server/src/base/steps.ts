/** Long computations in steps: generators that yield so often that no step takes long. */

/** So many items are one step. */
const STEP = 500;

/** Visits items in steps. */
export function* inSteps<T>(items: Iterable<T>, visit: (item: T) => void): Generator<void, void> {
  let left = STEP;
  for (const item of items) {
    visit(item);
    if (--left > 0) continue;
    left = STEP;
    yield;
  }
}

/** Takes all steps at once. */
export function atOnce<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
