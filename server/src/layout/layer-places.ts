/** Where an install statement stands among others of its kind, and which ones may lie below it: found without looking at all of them. */
import { folderOf } from '../base/relative-path.ts';
import type { InstallStatement } from '../facts/install.ts';
import { seedOf } from './file-traits.ts';
import { isSharedFolder, ownerWords } from './path-words.ts';

export interface LayerPlace {
  /** Several files of one such kind may make one installation; undefined where each stands alone. */
  readonly kind: string | undefined;
  readonly folder: string;
  /** The words of the file's name that may tell whose it is. */
  readonly words: readonly string[];
  /** Outer folders first, then names that say less. */
  readonly rank: number;
  /** The folder above `base/`, `common/` and the like that it lies in: what is below there may build on it. */
  readonly servedFolder: string | undefined;
}

const places = new WeakMap<InstallStatement, LayerPlace>();

export function layerPlace(statement: InstallStatement): LayerPlace {
  let place = places.get(statement);
  if (place === undefined) {
    place = readPlace(statement);
    places.set(statement, place);
  }
  return place;
}

function readPlace({ form, chart, chartFile, file, installer }: InstallStatement): LayerPlace {
  const hasLayers = installer === undefined && (form === 'helm-values' || form === 'istio-operator');
  const folder = folderOf(file);
  const words = ownerWords(file);
  const segments = folder === '' ? [] : folder.split('/');
  const shared = segments.findIndex(isSharedFolder);
  return {
    // Several umbrella charts have nothing in common, whatever they are called.
    kind: hasLayers ? `${form} ${chart ?? ''} ${chartFile?.file ?? ''}` : undefined,
    folder,
    words,
    rank: (segments.length + 1) * 1000 + words.length,
    servedFolder: shared < 0 ? undefined : segments.slice(0, shared).join('/'),
  };
}

/** An IstioOperator that installs gateways only stands on its own. */
export function isGateways(statement: InstallStatement): boolean {
  return statement.form === 'istio-operator' && seedOf(statement) === undefined;
}

/** True if the words of one file's name are some of the other's: `values.yaml`, `values-prod.yaml`, `values-prod-east.yaml`. */
export function saysLess(other: InstallStatement, statement: InstallStatement): boolean {
  const [{ words }, { words: more }] = [layerPlace(other), layerPlace(statement)];
  return words.length < more.length && words.every((word) => more.includes(word));
}

/** The folder and those above it, the root last. */
export function* foldersFrom(folder: string): Generator<string> {
  for (let at = folder; at !== ''; at = folderOf(at)) yield at;
  yield '';
}

/** Statements by what makes one lie below another. */
export class LayerIndex {
  private readonly named = new Map<string, InstallStatement[]>();
  private readonly serving = new Map<string, InstallStatement[]>();
  private readonly unnamedUnder = new Map<string, InstallStatement[]>();
  /** Those that name no cluster, by the first folder above them that holds some of their kind of a cluster. */
  private readonly unnamedNear = new Map<string, InstallStatement[]>();

  /** @param placed those of clusters */
  constructor(statements: Iterable<InstallStatement>, placed: Iterable<InstallStatement> = []) {
    const holding = new Set<string>();
    for (const statement of placed) {
      const { kind, folder } = layerPlace(statement);
      for (const at of kind === undefined ? [] : foldersFrom(folder)) holding.add(`${kind}\n${at}`);
    }
    for (const statement of statements) {
      const { kind, folder, words, servedFolder } = layerPlace(statement);
      if (kind === undefined) continue;
      add(this.named, `${kind}\n${folder}\n${words[0] ?? ''}`, statement);
      if (servedFolder !== undefined) add(this.serving, `${kind}\n${servedFolder}`, statement);
      if (seedOf(statement)?.clusterName === undefined) {
        add(this.unnamedUnder, `${kind}\n${folderOf(folder)}`, statement);
        const near = [...foldersFrom(folder)].find((at) => holding.has(`${kind}\n${at}`));
        if (near !== undefined) add(this.unnamedNear, `${kind}\n${near}`, statement);
      }
    }
  }

  /** Those of its kind in its folder whose names say less. */
  beside(statement: InstallStatement): InstallStatement[] {
    const { kind, folder, words } = layerPlace(statement);
    return ['', ...new Set(words)]
      .flatMap((first) => this.named.get(`${kind}\n${folder}\n${first}`) ?? [])
      .filter((other) => saysLess(other, statement));
  }

  /** Those of its kind in a folder above its own whose names say nothing. */
  above(statement: InstallStatement): InstallStatement[] {
    const { kind, folder } = layerPlace(statement);
    return [...foldersFrom(folder)].slice(1).flatMap((at) => this.named.get(`${kind}\n${at}\n`) ?? []);
  }

  /** Those of its kind in `base/` and the like, beside a folder that it lies in; not those in folders above its own. */
  shared(statement: InstallStatement): InstallStatement[] {
    const { kind, folder } = layerPlace(statement);
    const own = new Set(foldersFrom(folder));
    return [...own]
      .flatMap((at) => this.serving.get(`${kind}\n${at}`) ?? [])
      .filter((other) => !own.has(layerPlace(other).folder));
  }

  /**
   * True if one of its kind names no cluster and is not among `known`: beside a folder that it lies in or in one, or further away if
   * those of no other clusters are nearer to that.
   */
  hasOtherNear(statement: InstallStatement, known: ReadonlySet<InstallStatement>): boolean {
    const { kind, folder } = layerPlace(statement);
    for (const at of foldersFrom(folder)) {
      for (const others of [this.unnamedUnder, this.unnamedNear]) {
        for (const other of others.get(`${kind}\n${at}`) ?? [])
          if (other !== statement && !known.has(other)) return true;
      }
    }
    return false;
  }
}

function add(lists: Map<string, InstallStatement[]>, key: string, statement: InstallStatement): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [statement]);
  else list.push(statement);
}
