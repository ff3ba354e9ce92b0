/**
 * A destination to which only one part of Istio goes, ztunnel or istiod, where exactly that part is missing in one other cluster: the charts of
 * one cluster go to two addresses.
 */
import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { isSlip } from '../../deploy/name-slip.ts';
import type { Unit } from '../../deploy/unit.ts';
import { knownValue } from '../../facts/field.ts';
import type { Layout, PlacedCluster } from '../../layout/layout.ts';
import { ADDRESSES } from './misdirected-folders.ts';
import type { MisspeltDestination } from './misspelt-destinations.ts';

/** Every node of a cluster in ambient mode has a ztunnel, which asks istiod for its certificates (semantics.md A.0.3). */
export function loneZtunnels(
  units: ReadonlyMap<string, Unit>,
  { clusters, placement }: Pick<Layout, 'clusters' | 'placement'>,
): readonly MisspeltDestination[] {
  const installed = [...clusters.values()].filter(
    ({ install, imported }) => imported === undefined && (install.hasIstiod || install.ztunnel !== undefined),
  );
  const [lone, ...more] = installed.filter(({ install }) => install.controlPlane === 'none');
  const [left, ...others] = installed.filter(({ install }) => install.hasIstiod && install.ztunnel === undefined);
  if (lone === undefined || left === undefined || more.length > 0 || others.length > 0) return [];
  // Some cluster has to show that both are installed from here.
  if (installed.length < 3 || !areLikelyOne(lone, left)) return [];
  const at = ({ id }: PlacedCluster) => new Map([...units].filter(([unit]) => placement.get(unit)?.includes(id)));
  const [atLone, atLeft] = [at(lone), at(left)];
  if (hasOnlyIstio(atLone)) return misspelt(atLone, atLeft, 'nothing installs istiod', `${left.name} has no ztunnel`);
  if (hasOnlyIstio(atLeft)) return misspelt(atLeft, atLone, 'nothing installs ztunnel', `${lone.name} has no istiod`);
  return [];
}

function areLikelyOne(lone: PlacedCluster, left: PlacedCluster): boolean {
  const isWhole = [lone, left].every(({ skipped, partial }) => skipped.length === 0 && partial === undefined);
  if (!isWhole || knownValue(left.install.ambient) !== true) return false;
  const isSame = (a: string | undefined, b: string | undefined): boolean => a !== undefined && a !== '' && a === b;
  const { ztunnel } = lone.install;
  return (
    isSlip(lone.name, left.name) ||
    isSame(knownValue(ztunnel?.clusterName), knownValue(left.install.clusterName)) ||
    isSame(knownValue(ztunnel?.network), knownValue(left.install.network))
  );
}

function hasOnlyIstio(units: ReadonlyMap<string, Unit>): boolean {
  return [...units.values()].every(({ documents }) => documents.some(({ install }) => install.length > 0));
}

function misspelt(
  units: ReadonlyMap<string, Unit>,
  others: ReadonlyMap<string, Unit>,
  lacks: string,
  misses: string,
): readonly MisspeltDestination[] {
  const keys = [...units.values()].flatMap(keysOf);
  const [key] = keys;
  const right = [...others.values()].flatMap(keysOf).find(({ from }) => from === key?.from)?.value;
  if (key === undefined || right === undefined || keys.some(({ value }) => value !== key.value)) return [];
  const ats = keys.map(({ at }) => at).filter((at, i, all) => all.findIndex((one) => sameAnchor(one, at)) === i);
  const why = `where ${lacks}, while ${misses}`;
  return [{ ats: ats as [Anchor, ...Anchor[]], to: key.value, right, wrong: key.value, word: right, units, why }];
}

function keysOf({ destination }: Unit): Unit['destination']['keys'] {
  if (destination.kind !== 'named' || destination.several) return [];
  return (
    ADDRESSES.map((kind) => destination.keys.filter(({ from }) => from === kind)).find(({ length }) => length > 0) ?? []
  );
}
