/** `ambientMulticluster/topology`: the tree, level by level. */
import { plain } from '../report/plain-text.ts';
import { childId, findNode, type TopologyNode } from '../topology/node.ts';
import { topology } from '../topology/topology.ts';
import { uriOf } from './folder.ts';
import { METHODS, type TopologyItem, type TopologyParams } from './protocol.ts';
import { type Session, uris } from './session.ts';
import { TreeProblems } from './tree-problems.ts';
import type { World } from './world.ts';

export function answerTopology(session: Session): void {
  session.connection.onRequest(METHODS.topology, async (params: Partial<TopologyParams> | undefined) => {
    const worlds = [...session.worlds.values()];
    await Promise.all(worlds.map((world) => world.followed()));
    try {
      return level(worlds, params?.grouping === 'service' ? 'service' : 'cluster', params?.parent);
    } catch (error) {
      session.failed('showing the topology', error);
      return [];
    }
  });
}

/** The node of an id among all worlds, and the world that it is in. */
export function nodeOf(
  worlds: readonly World[],
  grouping: TopologyParams['grouping'],
  id: string,
): { readonly world: World; readonly node: TopologyNode } | undefined {
  for (const world of worlds) {
    const prefix = worlds.length === 1 ? '' : `${folderId(world)}/`;
    if (!id.startsWith(prefix)) continue;
    const node = findNode(topology(world.snapshot.meshes, grouping), id.slice(prefix.length));
    if (node !== undefined) return { world, node };
  }
  return undefined;
}

/** With several folders, each is a node of its own above its tree. */
function level(
  worlds: readonly World[],
  grouping: TopologyParams['grouping'],
  parent: string | undefined,
): readonly TopologyItem[] {
  const [only] = worlds;
  if (only !== undefined && worlds.length === 1) return children(only, grouping, parent, '');
  if (parent === undefined) return worlds.map(folderItem);
  const world = worlds.find((candidate) => `${parent}/`.startsWith(`${folderId(candidate)}/`));
  if (world === undefined) return [];
  const prefix = `${folderId(world)}/`;
  return children(world, grouping, parent.length < prefix.length ? undefined : parent.slice(prefix.length), prefix);
}

function children(
  world: World,
  grouping: TopologyParams['grouping'],
  parent: string | undefined,
  prefix: string,
): readonly TopologyItem[] {
  const roots = topology(world.snapshot.meshes, grouping);
  return items(world, parent === undefined ? roots : (findNode(roots, parent)?.children() ?? []), prefix);
}

/** Nodes of one world as the client sees them, whose nodes of folders come first if there are several. */
export function topologyItems(
  worlds: readonly World[],
  world: World,
  nodes: readonly TopologyNode[],
): readonly TopologyItem[] {
  if (worlds.length === 1 || nodes.length === 0) return items(world, nodes, '');
  return [folderItem(world), ...items(world, nodes, `${folderId(world)}/`)];
}

function items(world: World, nodes: readonly TopologyNode[], prefix: string): readonly TopologyItem[] {
  const problems = new TreeProblems(world.snapshot.findings);
  return nodes.map((node) => item(world, node, prefix, problems));
}

function item(world: World, node: TopologyNode, prefix: string, problems: TreeProblems): TopologyItem {
  const { id, kind, label, description, tooltip, icon, expandable, differs, at } = node;
  const location = at === undefined ? undefined : world.snapshot.documents.locate(at);
  const problem = problems.of(node);
  return {
    id: prefix + id,
    kind,
    label: plain(label),
    description: plain(description),
    tooltip: tooltip.map(plain).join('\n'),
    icon,
    expandable,
    differs,
    ...(problem === undefined ? {} : { problem }),
    ...(location === undefined ? {} : { place: { uri: uriOf(world.folder, location.file), range: location.range } }),
  };
}

function folderId({ folder }: World): string {
  return childId('', 'folder', folder.uri);
}

function folderItem(world: World): TopologyItem {
  const { uri } = world.folder;
  return {
    id: folderId(world),
    kind: 'folder',
    label: uris(world.folder)
      .map((part) => plain(decodeURIComponent(part.slice(part.lastIndexOf('/') + 1))))
      .join(' + '),
    description: '',
    tooltip: plain(decodeURIComponent(uri)),
    icon: 'folder',
    expandable: world.snapshot.meshes.length > 0,
    differs: false,
  };
}
