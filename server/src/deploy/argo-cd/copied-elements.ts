/** Elements of an ApplicationSet that were copied with what names or addresses the cluster: their applications are one, or write over each other. */
import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { copiesOf } from '../../base/copied-name.ts';
import { addTo } from '../../base/remember.ts';
import { type Field, isKnown, type Known } from '../../facts/field.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import type { Deployment } from '../deployment.ts';
import { textAt } from '../read-text.ts';
import { namesOf, type ParameterSet } from './parameter-set.ts';

/** What an ApplicationSet makes of one element. */
export interface MadeApplication {
  readonly set: ParameterSet;
  readonly name: Field<string>;
  /** Its name in the template. */
  readonly written: Cursor | undefined;
  readonly deployment: Deployment;
}

export interface CopiedElement {
  readonly at: Anchor;
  /** What follows, as a sentence. */
  readonly refused: string;
  /** True if it is the template that makes several of one: the element is none. */
  readonly isOfTemplate?: true;
}

/**
 * Argo CD makes no two applications of one name (argo-cd, `applicationset_controller.go`, `validateGeneratedApplications`: until 2.14 the first of them, later none).
 * @param made by all elements, in order
 * @returns by their indices, those that are copies
 */
export function madeTwice(made: readonly MadeApplication[]): ReadonlyMap<number, CopiedElement> {
  const found = new Map<number, CopiedElement>();
  if (made.length < 2 || made.some(({ set }) => set.open || set.several)) return found;
  const byName = groups(made, ({ name }) => (isKnown(name) && !name.value.includes('{{') ? name.value : undefined));
  const written = made[0]?.written;
  const isOfTemplate = byName.length > 0 && !byName.some(([, same]) => same.length < 2);
  for (const [name, same] of byName) {
    if (same.length < 2) continue;
    const one = `an application ${name}, and Argo CD refuses applications of one name.`;
    const isFixed = written?.node.type === 'scalar' && !written.node.text.includes('{{');
    const clusters = new Set(same.flatMap((i) => namesOf((made[i] as MadeApplication).set)[0]?.value ?? []));
    // Elements of clusters of their own are no copies.
    const isOwn = clusters.size === same.length || (isOfTemplate && (isFixed || byName.length > 1));
    if (written !== undefined && isOwn) {
      found.set(same.at(-1) as number, {
        at: written.at,
        refused: `Several elements of the ApplicationSet make ${one} Let the name tell them apart.`,
        isOfTemplate: true,
      });
      continue;
    }
    for (const i of copiesIn(name, same, made, ({ set }) => namesOf(set))) {
      const { set } = made[i] as MadeApplication;
      const [key] = namesOf(set);
      found.set(i, {
        at: key?.at ?? set.params.at,
        refused: `Another element of the ApplicationSet makes ${one} Give this one the name of its own cluster.`,
      });
    }
  }
  for (const [place, same] of groups(made, ({ deployment }, i) => (found.has(i) ? undefined : placeOf(deployment)))) {
    if (same.length < 2) continue;
    const [chart = '', address = ''] = place.split(SEPARATOR);
    for (const i of copiesIn(address, same, made, ({ deployment }) => deployment.cluster.keys.slice(0, 1))) {
      const [key] = (made[i] as MadeApplication).deployment.cluster.keys;
      if (key === undefined) continue;
      found.set(i, {
        at: key.at,
        refused: `Another element of the ApplicationSet installs ${chart} in ${address}, too: one installation is written over the other. Give this one the address of its own cluster.`,
      });
    }
  }
  return found;
}

function groups(
  made: readonly MadeApplication[],
  keyOf: (one: MadeApplication, index: number) => string | undefined,
): readonly (readonly [string, readonly number[]])[] {
  const found = new Map<string, number[]>();
  for (const [i, one] of made.entries()) {
    const key = keyOf(one, i);
    if (key !== undefined) addTo(found, key, i);
  }
  return [...found];
}

/**
 * All but the one that is called by the name: by its file, else by what else is said of it, else the first.
 * @param placesOf where the name itself is written
 */
function copiesIn(
  name: string,
  same: readonly number[],
  made: readonly MadeApplication[],
  placesOf: (one: MadeApplication) => readonly { readonly at: Anchor }[],
): readonly number[] {
  const isOfFile = (key: string): boolean => /^path(?:[.[]|$)/.test(key);
  for (const takes of [isOfFile, (key: string) => !isOfFile(key)]) {
    const copies = copiesOf(name, same, (i) => {
      const one = made[i] as MadeApplication;
      const texts = entries(one.set.params).flatMap(([key, value]) => (takes(key) ? textsIn(value) : []));
      return texts.flatMap(({ value, at }) => (placesOf(one).some((place) => sameAnchor(place.at, at)) ? [] : value));
    });
    if (copies.size === same.length - 1) return [...copies];
  }
  return same.slice(1);
}

const MOST_TEXTS = 100;

function textsIn(params: Cursor): readonly Known<string>[] {
  const found: Known<string>[] = [];
  const open = [params];
  for (let cursor = open.pop(); cursor !== undefined && found.length < MOST_TEXTS; cursor = open.pop()) {
    const { node, at } = cursor;
    if (node.type === 'scalar') found.push({ value: node.text, at });
    open.push(...items(cursor), ...entries(cursor).map(([, value]) => value));
  }
  return found;
}

const SEPARATOR = '\n';

/**
 * What is installed of Istio, and where; undefined where a cluster may have several of it, or it is not known. Files of values of its own
 * tell more of the cluster that is meant (`engine/faults/misdirected-folders.ts`).
 */
function placeOf({ cluster, sources, namespace }: Deployment): string | undefined {
  const [source, ...more] = sources;
  const [key] = cluster.keys;
  if (source?.kind !== 'chart' || more.length > 0 || source.open || source.names.length > 0 || key === undefined)
    return undefined;
  if (cluster.kind !== 'named' || (key.from !== 'name' && key.from !== 'server')) return undefined;
  const chart = source.install?.chart;
  if (chart !== 'istiod' && chart !== 'ztunnel') return undefined;
  if (namespace !== undefined && !isKnown(namespace)) return undefined;
  // What is below `pilot` is copied over the root (istio, `manifests/charts/istio-control/istio-discovery/templates/zzy_descope_legacy.yaml`).
  const revision = textAt(get(source.values, 'pilot', 'revision')) ?? textAt(get(source.values, 'revision')) ?? '';
  return [chart, key.value, namespace?.value ?? '', revision].join(SEPARATOR);
}
