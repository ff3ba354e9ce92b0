/** Reads what a saved json report states of its clusters: their installations and objects, each anchored in the report itself. */
import type { Anchor } from '../../base/anchor.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { extractObject } from '../extract.ts';
import { isKnown, type Known, knownValue } from '../field.ts';
import type { InstallSettings } from '../install.ts';
import type { ObjectFact } from '../objects.ts';
import { readBoolean, readNonEmpty, readString, readStringItem } from '../read-scalar.ts';
import { readSavedInstallation } from './saved-installation.ts';

/** A cluster of another repository, as a report of that repository states it. */
export interface SavedCluster {
  readonly name: string;
  /** The id of its mesh in the report. */
  readonly mesh: string;
  /** True if that id was declared, so that it is no name made up for the report. */
  readonly meshDeclared: boolean;
  readonly install: InstallSettings;
  readonly declaredNetwork: Known<string> | undefined;
  readonly declaredIstioVersion: Known<string> | undefined;
  readonly complete: boolean | ReadonlySet<string>;
  /** True if a file of it was not read when the report was made. */
  readonly partial: boolean;
  readonly objects: readonly ObjectFact[];
  /** Its name in the report. */
  readonly at: Anchor;
}

/** What keeps a file from being taken as a report. */
export type ReportProblem = 'no-report' | 'another-version' | 'no-facts';

/** The version of the format that is read; `report/tool.ts` and the schemas write the same. */
const VERSION = 1;
const TOOL_NAME = 'ambient-multicluster';

/** The clusters that the report is about itself, not those that it imports: reports of two repositories may import each other. */
export function readSavedReport(
  root: Cursor,
  file: string,
): { readonly clusters: readonly SavedCluster[]; readonly problem: ReportProblem | undefined } {
  const none = (problem: ReportProblem) => ({ clusters: [], problem });
  const version = get(root, 'version')?.node;
  const written = items(get(root, 'clusters'));
  if (knownValue(readString(get(root, 'tool', 'name'))) !== TOOL_NAME || version?.type !== 'scalar')
    return none('no-report');
  if (resolveYaml11(version) !== VERSION) return none('another-version');
  if (get(root, 'clusters')?.node.type !== 'seq') return none('no-report');
  const own = written.filter((cluster) => get(cluster, 'imported') === undefined);
  const withFacts = own.filter((cluster) => get(cluster, 'facts')?.node.type === 'map');
  const declared = declaredMeshes(root);
  return {
    clusters: withFacts.flatMap((cluster) => readCluster(cluster, file, declared) ?? []),
    problem: withFacts.length < own.length ? 'no-facts' : undefined,
  };
}

function declaredMeshes(root: Cursor): ReadonlySet<string> {
  return new Set(
    items(get(root, 'meshes'))
      .filter((mesh) => knownValue(readString(get(mesh, 'why'))) === 'declared')
      .flatMap((mesh) => knownValue(readString(get(mesh, 'id'))) ?? []),
  );
}

function readCluster(cluster: Cursor, file: string, declared: ReadonlySet<string>): SavedCluster | undefined {
  const name = readNonEmpty(get(cluster, 'name'));
  const mesh = knownValue(readString(get(cluster, 'mesh'))) ?? '';
  const facts = get(cluster, 'facts');
  const stated = get(facts, 'declared');
  const network = readNonEmpty(get(stated, 'network'));
  const version = readNonEmpty(get(stated, 'istioVersion'));
  if (name === undefined || !('value' in name)) return undefined;
  return {
    name: name.value,
    mesh,
    meshDeclared: declared.has(mesh),
    install: readSavedInstallation(get(facts, 'installation') ?? { node: cluster.node, at: name.at }),
    declaredNetwork: isKnown(network) ? network : undefined,
    declaredIstioVersion: isKnown(version) ? version : undefined,
    complete: readComplete(get(cluster, 'complete')),
    partial: knownValue(readBoolean(get(facts, 'partial'))) ?? false,
    objects: items(get(facts, 'objects')).flatMap((entry) => {
      const object = get(entry, 'object');
      // Of Secrets reports say nothing; one that somebody wrote into a report is not looked at either.
      return object === undefined ? [] : extractObject(object, file).objects.filter(({ kind }) => kind !== 'Secret');
    }),
    at: name.at,
  };
}

function readComplete(cursor: Cursor | undefined): boolean | ReadonlySet<string> {
  if (cursor?.node.type === 'seq')
    return new Set(items(cursor).flatMap((item) => knownValue(readStringItem(item)) ?? []));
  return knownValue(readBoolean(cursor)) ?? false;
}
