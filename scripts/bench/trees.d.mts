// The types of `trees.mjs`, for the tests.
export function meshFiles(count: number, clusters: number): Iterable<readonly [file: string, text: string]>;
