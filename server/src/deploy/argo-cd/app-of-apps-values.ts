/**
 * Reads values of a chart that makes Applications: each entry holds what an Application's source would, such as
 * `applications[].tool.helm.valuesObject`. The names around it differ from chart to chart, those of Argo CD inside do not.
 */
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import type { Deployment, DeployWorld } from '../deployment.ts';
import { madeAt, madeMap } from '../made-nodes.ts';
import { writtenText } from '../read-text.ts';
import { readApplication } from './application.ts';

const MAX_DEPTH = 6;
const MAX_APPLICATIONS = 200;

/** @param root the root of a document without `kind` */
export function readAppOfAppsValues(root: Cursor, file: string, world: DeployWorld): readonly Deployment[] {
  const found: Deployment[] = [];
  const search = (cursor: Cursor, above: readonly Cursor[], depth: number): void => {
    if (depth > MAX_DEPTH || found.length >= MAX_APPLICATIONS) return;
    if (hasHelmValues(cursor)) {
      const application = applicationOf([cursor, ...above]);
      if (application !== undefined) found.push({ ...readApplication(application, file, world), at: cursor.at });
      return;
    }
    for (const [, inner] of entries(cursor)) search(inner, [cursor, ...above], depth + 1);
    for (const inner of items(cursor)) search(inner, [cursor, ...above], depth + 1);
  };
  search(root, [], 0);
  return found;
}

function hasHelmValues(cursor: Cursor): boolean {
  const helm = get(cursor, 'helm');
  return ['valuesObject', 'values', 'parameters'].some((key) => get(helm, key) !== undefined);
}

/** The Application that an entry stands for: what it does not say itself, the maps around it may. */
function applicationOf(around: readonly Cursor[]): Cursor | undefined {
  const [own] = around;
  const find = (...paths: readonly (readonly string[])[]): Cursor | undefined => {
    for (const cursor of around.slice(0, 3)) {
      const cursors = paths.map((path) => get(cursor, ...path));
      const found = cursors.find((candidate) => writtenText(candidate) !== undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const chart = find(['chart'], ['source', 'chart'], ['chartName'], ['name']);
  const helm = get(own, 'helm');
  if (own === undefined || chart === undefined || helm === undefined) return undefined;
  const { at } = own;
  const source: [string, Cursor][] = [
    ['chart', chart],
    ['helm', helm],
  ];
  const version = find(['targetRevision'], ['source', 'targetRevision'], ['chartVersion'], ['version']);
  if (version !== undefined) source.push(['targetRevision', version]);
  const destination: [string, Cursor][] = [];
  for (const key of ['name', 'server', 'namespace']) {
    const value = find(['destination', key], ...(key === 'namespace' ? [['namespace']] : []));
    if (value !== undefined) destination.push([key, value]);
  }
  // Without a destination it goes where the other manifests of the file's cluster go.
  const isOwn = !destination.some(([key]) => key !== 'namespace');
  if (isOwn)
    destination.push(['name', madeAt({ type: 'scalar', text: 'in-cluster', style: 'plain', start: 0, end: 0 }, at)]);
  const spec = madeMap(
    [
      ['source', madeAt(madeMap(source, at), at)],
      ['destination', madeAt(madeMap(destination, at), at)],
    ],
    at,
  );
  return madeAt(madeMap([['spec', madeAt(spec, at)]], at), at);
}
