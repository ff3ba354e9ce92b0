/**
 * Tells what clusters share in a folder of any name, such as `common-stuff/`: it installs a control plane, but has neither a name nor a
 * network, and a control plane near it has both.
 */

import { type FileTraits, hasSeed, type Seed, seedOf, ZTUNNEL_SLOT } from './file-traits.ts';
import { foldersFrom } from './layer-places.ts';

/** Files that may be those of one cluster. */
interface Candidate {
  readonly files: readonly FileTraits[];
  /** Set where a tool is told to deploy to it: it is one, then. */
  readonly deployed: unknown;
}

/** Those of some candidates that are no cluster. */
export function namelessBases<C extends Candidate>(candidates: readonly C[]): ReadonlySet<C> {
  const nameless = candidates.filter(isNameless);
  if (nameless.length === 0) return new Set();
  const below = new Map<string, Set<C>>();
  for (const candidate of candidates.filter(installs)) {
    for (const at of foldersAbove(candidate)) below.set(at, (below.get(at) ?? new Set<C>()).add(candidate));
  }
  return new Set(
    nameless.filter((base) => {
      const near = [...foldersAbove(base)]
        .sort((a, b) => b.length - a.length)
        .map((at) => [...(below.get(at) ?? [])].filter((other) => other !== base))
        .find((others) => others.length > 0);
      return near?.some(isNamed) === true;
    }),
  );
}

/** What the statements of some files say of their cluster. */
export function seedsIn(files: readonly FileTraits[]): readonly Seed[] {
  return files.flatMap(({ statements }) => statements.flatMap((statement) => seedOf(statement) ?? []));
}

function foldersAbove({ files }: Candidate): ReadonlySet<string> {
  return new Set(files.filter(hasSeed).flatMap(({ folder }) => [...foldersFrom(folder)]));
}

/** Only of values and operators there are layers. */
function installs({ files }: Candidate): boolean {
  return files.some(({ statements }) =>
    statements.some((statement) => {
      const seed = seedOf(statement);
      const hasLayers = statement.form === 'helm-values' || statement.form === 'istio-operator';
      return hasLayers && seed !== undefined && seed.slot !== ZTUNNEL_SLOT;
    }),
  );
}

function isNameless(candidate: Candidate): boolean {
  const { files, deployed } = candidate;
  return deployed === undefined && installs(candidate) && !namesCluster(files) && !namesNetwork(files);
}

function isNamed({ files }: Candidate): boolean {
  return namesCluster(files) && namesNetwork(files);
}

function namesCluster(files: readonly FileTraits[]): boolean {
  return seedsIn(files).some(({ clusterName }) => clusterName !== undefined);
}

function namesNetwork(files: readonly FileTraits[]): boolean {
  return files.some((traits) => traits.namesNetwork) || seedsIn(files).some((seed) => seed.namesNetwork);
}
