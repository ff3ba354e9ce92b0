/** Tells whether files are still grouped as they were after one of them came, changed or went: what each group rests on is counted. */
import type { FileTraits } from './file-traits.ts';
import type { Grouping } from './group-files.ts';
import { hasFacts, showsMesh } from './left-out.ts';
import type { Splits } from './splits.ts';

/** What is counted: files, those that state something, those that show a mesh, and those with an object that names a network. */
const SIGNS = {
  files: () => true,
  facts: hasFacts,
  mesh: showsMesh,
  networks: ({ namesNetwork }: FileTraits) => namesNetwork,
};

type Sign = keyof typeof SIGNS;

const ALL_SIGNS = Object.keys(SIGNS) as Sign[];

/** What files with one key have in common, and how many of them. */
interface Counts extends Record<Sign, number> {
  /** Those that take their last step at a folder. */
  readonly folders: Map<string, number>;
}

const NO_KEY = '';

/** @param files those that are grouped by their paths */
export function followGroups(
  { stepsOf, follow }: Splits,
  isLayer: (traits: FileTraits) => boolean,
  files: readonly FileTraits[],
): Grouping['follow'] {
  const groups = new Map<string, Counts>();
  let isFirst = true;

  /** Counts a file in or out. @returns false if it makes a difference to others, or may */
  const count = (traits: FileTraits, by: 1 | -1): boolean => {
    const { key, folders } = stepsOf(traits.file, traits.folder);
    const id = key.join('/');
    let counts = groups.get(id);
    if (counts === undefined) {
      counts = { files: 0, facts: 0, mesh: 0, networks: 0, folders: new Map() };
      groups.set(id, counts);
    }
    const before = isStanding(counts, folders);
    for (const sign of ALL_SIGNS) if (SIGNS[sign](traits)) counts[sign] += by;
    const folder = folders.at(-1);
    if (folder !== undefined) counts.folders.set(folder, (counts.folders.get(folder) ?? 0) + by);
    const after = isStanding(counts, folders);
    const sameSigns = before.mesh === after.mesh && before.networks === after.networks;
    return sameSigns && (id === NO_KEY || (before.files === after.files && before.facts === after.facts));
  };

  return (before, after) => {
    // Most worlds are read once and never edited.
    if (isFirst) for (const traits of files) if (!isLayer(traits)) count(traits, 1);
    isFirst = false;
    if ([before, after].some((traits) => traits !== undefined && isLayer(traits))) return false;
    if (!follow(before, after)) return false;
    // What comes is counted first: a file that only changes must not leave its group empty for a moment.
    if (after === undefined) return before === undefined || count(before, -1);
    if (before === undefined) return count(after, 1);
    if (ALL_SIGNS.every((sign) => SIGNS[sign](before) === SIGNS[sign](after))) return true;
    return [count(after, 1), count(before, -1)].every((isNoDifference) => isNoDifference);
  };
}

/** Whether there are any files, in the folder too where they take their last step, and whether one shows a mesh, or names a network. */
function isStanding(
  { files, facts, mesh, networks, folders }: Counts,
  steps: readonly string[],
): Record<Sign, boolean> {
  const folder = steps.at(-1);
  return {
    files: files > 0 && (folder === undefined || (folders.get(folder) ?? 0) > 0),
    facts: facts > 0,
    mesh: mesh > 0,
    networks: networks > 0,
  };
}
