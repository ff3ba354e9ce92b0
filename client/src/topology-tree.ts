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
  incomplete: 'server-environment',
  gateway: 'arrow-swap',
  namespace: 'symbol-namespace',
  waypoint: 'milestone',
  global: 'globe',
  local: 'home',
  unknown: 'question',
  folder: 'root-folder',
};

/** A refresh waits until VS Code has asked for nothing for so long: one that overlaps its questions can leave nodes without children. */
const QUIET_MS = 120;

/** Opened as long as nobody has closed them. */
const EXPANDED: ReadonlySet<string> = new Set(['folder', 'mesh', 'network', 'cluster']);

export class TopologyTree implements vscode.TreeDataProvider<TopologyItem>, vscode.Disposable {
  grouping: TopologyGrouping = 'cluster';
  private readonly items = new Map<string, TopologyItem>();
  /** What VS Code was last told, as JSON, by the id of the parent; '' for the roots. */
  private readonly given = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<TopologyItem | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** Questions of VS Code that are not answered yet. */
  private asked = 0;
  private due: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: LanguageServer,
    private readonly decorations: NodeDecorations,
  ) {}

  /** Has what differs from what was told asked for anew, once it is quiet. */
  refresh(): void {
    clearTimeout(this.due);
    this.due = setTimeout(() => {
      this.due = undefined;
      if (this.asked > 0) this.refresh();
      else void this.refreshDifferent();
    }, QUIET_MS);
  }

  private async refreshDifferent(): Promise<void> {
    const different = new Set<string>();
    for (const [parent, given] of [...this.given]) {
      if (JSON.stringify(await this.childrenOf(parent)) !== given) different.add(parent);
      if (this.due !== undefined) return; // there is news: it will be looked at again
    }
    if (this.asked > 0) {
      this.refresh(); // VS Code asked while differences were being fetched
      return;
    }
    const isBelow = (id: string): boolean => [...different].some((other) => other === '' || id.startsWith(`${other}/`));
    for (const parent of different) {
      this.given.delete(parent);
      if (parent === '') this.changed.fire(undefined);
      else if (!isBelow(parent)) this.changed.fire(this.items.get(parent));
    }
  }

  dispose(): void {
    clearTimeout(this.due);
    this.changed.dispose();
  }

  async getChildren(parent?: TopologyItem): Promise<TopologyItem[]> {
    this.asked++;
    try {
      return await this.told(parent?.id ?? '');
    } finally {
      this.asked--;
      if (this.due !== undefined) this.refresh();
    }
  }

  private async told(parent: string): Promise<TopologyItem[]> {
    const children = await this.childrenOf(parent);
    this.given.set(parent, JSON.stringify(children));
    return this.keep(children);
  }

  private childrenOf(parent: string): Promise<TopologyItem[]> {
    const { grouping } = this;
    const params: TopologyParams = parent === '' ? { grouping } : { grouping, parent };
    return this.server.request<TopologyItem[]>(METHODS.topology, params).catch(() => []);
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
