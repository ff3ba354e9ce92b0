/** The nodes of the tree as VS Code asks for them, level by level, from the server. */
import * as vscode from 'vscode';
import {
  METHODS,
  type TopologyAtParams,
  type TopologyGrouping,
  type TopologyItem,
  type TopologyParams,
} from '../../server/src/lsp/protocol.ts';
import type { LanguageServer } from './language-server.ts';
import { NodeDecorations } from './node-decorations.ts';

/** Icons differ by shape, not only by colour. */
const ICONS: Readonly<Record<string, string>> = {
  mesh: 'type-hierarchy',
  network: 'radio-tower',
  cluster: 'server',
  gateway: 'arrow-swap',
  namespace: 'symbol-namespace',
  waypoint: 'milestone',
  global: 'globe',
  local: 'home',
  unknown: 'question',
  folder: 'root-folder',
};

/** A refresh waits until VS Code has asked for nothing for so long: one that overlaps its questions leaves nodes without children. */
const QUIET_MS = 120;

/** Opened as long as nobody has closed them. */
const EXPANDED: ReadonlySet<string> = new Set(['folder', 'mesh', 'network', 'cluster']);

export class TopologyTree implements vscode.TreeDataProvider<TopologyItem>, vscode.Disposable {
  grouping: TopologyGrouping = 'cluster';
  private readonly items = new Map<string, TopologyItem>();
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** Questions of VS Code that are not answered yet. */
  private asked = 0;
  private due: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: LanguageServer,
    private readonly decorations: NodeDecorations,
  ) {}

  /** Has the tree asked for anew, once it is quiet. */
  refresh(): void {
    clearTimeout(this.due);
    this.due = setTimeout(() => {
      this.due = undefined;
      if (this.asked > 0) this.refresh();
      else this.changed.fire(undefined);
    }, QUIET_MS);
  }

  dispose(): void {
    clearTimeout(this.due);
    this.changed.dispose();
  }

  async getChildren(parent?: TopologyItem): Promise<TopologyItem[]> {
    this.asked++;
    try {
      return await this.children(parent);
    } finally {
      this.asked--;
      if (this.due !== undefined) this.refresh();
    }
  }

  private async children(parent: TopologyItem | undefined): Promise<TopologyItem[]> {
    const { grouping } = this;
    const params: TopologyParams = parent === undefined ? { grouping } : { grouping, parent: parent.id };
    const children = await this.server.request<TopologyItem[]>(METHODS.topology, params).catch(() => []);
    return this.keep(children);
  }

  /** The node for the object at a place in a document. */
  async at(uri: vscode.Uri, { line, character }: vscode.Position): Promise<TopologyItem | undefined> {
    const params: TopologyAtParams = {
      grouping: this.grouping,
      uri: uri.toString(),
      position: { line, character },
    };
    const way = await this.server.request<TopologyItem[]>(METHODS.topologyAt, params).catch(() => []);
    return this.keep(way).at(-1);
  }

  /** One object for each node for as long as it is there: VS Code tells nodes apart by identity, and loads anew what it does not know. */
  private keep(items: readonly TopologyItem[]): TopologyItem[] {
    this.decorations.note(items);
    return items.map((item) => {
      const known = this.items.get(item.id);
      if (known === undefined) {
        this.items.set(item.id, item);
        return item;
      }
      for (const key of Object.keys(known)) if (!(key in item)) Reflect.deleteProperty(known, key);
      return Object.assign(known, item);
    });
  }

  getParent({ id }: TopologyItem): TopologyItem | undefined {
    return this.items.get(id.slice(0, Math.max(0, id.lastIndexOf('/'))));
  }

  getTreeItem({ id, kind, label, description, tooltip, icon, expandable, place }: TopologyItem): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(label, !expandable ? None : EXPANDED.has(kind) ? Expanded : Collapsed);
    // Without an id VS Code tells nodes apart by their labels, which do not change; ids it refuses to see twice while two
    // refreshes overlap.
    item.description = description;
    item.tooltip = tooltip;
    item.contextValue = kind;
    item.iconPath = new vscode.ThemeIcon(ICONS[kind === 'gateways' ? 'gateway' : icon] ?? 'circle-outline');
    item.resourceUri = NodeDecorations.uri(id);
    item.accessibilityInformation = { label: `${label}, ${description}` };
    if (place !== undefined) {
      const { line, character } = place.range.start;
      const selection = new vscode.Range(line, character, line, character);
      item.command = {
        command: 'vscode.open',
        title: 'Open Definition',
        arguments: [vscode.Uri.parse(place.uri), { selection }],
      };
    }
    return item;
  }
}
