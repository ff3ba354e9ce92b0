/** What becomes of an error that is a bug of this program: whoever runs the work is told of it, and the rest of the work goes on. */

/** @param what the work that failed, such as `rule shared-network` or `building overlays/east` */
export type Failure = (what: string, error: unknown) => void;

/** For work that nobody watches, such as that of a test: a bug ends it. */
export const endsAll: Failure = (_what, error) => {
  throw error;
};
