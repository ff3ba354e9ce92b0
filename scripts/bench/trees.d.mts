// The types of `trees.mjs`, for the tests.
type File = readonly [file: string, text: string];
export function meshFiles(count: number, clusters: number): Iterable<File>;
export function overlayFiles(applications: number, clusters: number): Iterable<File>;
