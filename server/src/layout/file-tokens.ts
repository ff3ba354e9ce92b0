/** Tells the clusters of a flat folder apart by the names of its files. */
import { type FileTraits, seedOf } from './file-traits.ts';
import { isAlternative, ownerWords } from './path-words.ts';

/**
 * The token of each file that says whose it is, for files of one folder that hold the same things: `values-cluster1.yaml`
 * and `values-cluster2.yaml` give `cluster1` and `cluster2`. Files without one (`values.yaml`, `values-prod.yaml` beside
 * `values-prod-east.yaml`) are what the others share.
 * @returns nothing unless at least two files can be told apart
 */
export function fileTokens(files: readonly FileTraits[]): ReadonlyMap<string, string> {
  const all = files.map((traits): NamedFile => ({ traits, words: withoutNumbering(ownerWords(traits.file)) }));
  const isShared = sharedNames(all);
  const named = all.filter((file) => !isShared(file));
  const common = commonWords(named.map(({ words }) => words).filter((words) => words.length > 0));
  const tokens = new Map<string, string>();
  for (const { traits, words } of named) {
    const own = words.filter((word) => !common.has(word.toLowerCase()));
    const token = (own.length > 0 ? own : words).join('-') || statedName(traits);
    if (token !== undefined) tokens.set(traits.file, token);
  }
  return new Set(tokens.values()).size > 1 ? tokens : new Map();
}

interface NamedFile {
  readonly traits: FileTraits;
  readonly words: readonly string[];
}

/** Tells a file whose name says less than another's, or only an environment where others name more than that. */
function sharedNames(all: readonly NamedFile[]): (file: NamedFile) => boolean {
  const areAlternatives = all.every(({ words }) => isAlternative(words.join('-')));
  const byWord = new Map<string, NamedFile[]>();
  for (const file of all) {
    for (const word of new Set(file.words)) {
      const known = byWord.get(word);
      if (known === undefined) byWord.set(word, [file]);
      else known.push(file);
    }
  }
  return ({ traits, words }) => {
    if (words.length === 0 || statedName(traits) !== undefined) return false;
    if (!areAlternatives && isAlternative(words.join('-'))) return true;
    const [fewest = []] = words.map((word) => byWord.get(word) ?? []).sort((a, b) => a.length - b.length);
    return fewest.some(
      (other) => other.words.length > words.length && words.every((word) => other.words.includes(word)),
    );
  };
}

/** `002-region-one` is `region-one`; a name that is only a number stays. */
function withoutNumbering(words: readonly string[]): readonly string[] {
  return words.length > 1 && /^\d{1,3}$/.test(words[0] as string) ? words.slice(1) : words;
}

/** Words, in lower case, that every name has. A single name has none. */
function commonWords(names: readonly (readonly string[])[]): ReadonlySet<string> {
  const [first = [], ...others] = names.map((words) => new Set(words.map((word) => word.toLowerCase())));
  return new Set(others.length === 0 ? [] : [...first].filter((word) => others.every((words) => words.has(word))));
}

function statedName({ statements }: FileTraits): string | undefined {
  for (const statement of statements) {
    const name = seedOf(statement)?.clusterName;
    if (name !== undefined) return name;
  }
  return undefined;
}
