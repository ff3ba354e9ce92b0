/** The objects of files that deployments may refer to, such as ConfigMaps and Secrets: found once for all that ask. */
import { type Cell, cell, family } from '../../base/incremental.ts';
import { remember } from '../../base/remember.ts';
import { sameData } from '../../base/same-data.ts';
import type { DeployFiles } from '../../deploy/deploy-files.ts';
import type { DeployObject } from '../../deploy/deployment.ts';
import { textAt } from '../../deploy/read-text.ts';
import { rootCursor } from '../../yaml/read.ts';

export class LentObjects {
  /** By kind, the files that hold such objects. */
  private readonly lenders = new Map<string, Set<string>>();
  private readonly cells = new Map<string, Cell<readonly string[]>>();

  constructor(private readonly files: DeployFiles) {}

  /** Objects of a kind, in order of their files. */
  readonly of = family((kind: string): readonly DeployObject[] => {
    const files = remember(this.cells, kind, () => cell([...(this.lenders.get(kind) ?? [])].sort(), sameData));
    return files.get().flatMap((file) => this.objectsIn(file).filter(({ object }) => textAt(object, 'kind') === kind));
  }, areSame);

  /** @param kinds those of the objects that a file holds now */
  lend(file: string, kinds: ReadonlySet<string>): void {
    for (const kind of new Set([...kinds, ...this.lenders.keys()])) {
      const files = remember(this.lenders, kind, () => new Set<string>());
      if (kinds.has(kind) === files.has(file)) continue;
      if (!files.delete(file)) files.add(file);
      this.cells.get(kind)?.set([...files].sort());
    }
  }

  private objectsIn(file: string): readonly DeployObject[] {
    const found = this.files.file(file);
    if (found === 'missing' || found === 'unread') return [];
    return found
      .documents()
      .flatMap(({ id, root }) => (root?.type === 'map' ? [{ file, object: rootCursor(id, root) }] : []));
  }
}

function areSame(all: readonly DeployObject[], others: readonly DeployObject[]): boolean {
  return (
    all.length === others.length &&
    all.every(({ object: { node, at } }, i) => node === others[i]?.object.node && at.doc === others[i].object.at.doc)
  );
}
