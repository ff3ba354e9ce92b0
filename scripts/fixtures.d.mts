export interface FixtureFile {
  readonly path: string;
  readonly text: string;
  /** The word behind the fence; of files after a fix there is none. */
  readonly language?: string;
}
export interface Fixture {
  readonly title: string;
  readonly prose: readonly string[];
  readonly files: readonly FixtureFile[];
  readonly fixes: readonly { readonly title: string; readonly files: readonly FixtureFile[] }[];
  readonly includes: readonly string[];
  readonly without: readonly string[];
  readonly version: string | undefined;
  readonly defects: number;
}
export function readFixtures(text: string): Fixture[];
export interface StatedExpectation {
  readonly line: number;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
}
export function takeExpectations(text: string): {
  readonly text: string;
  readonly expected: readonly StatedExpectation[];
  readonly beside: readonly StatedExpectation[];
};
