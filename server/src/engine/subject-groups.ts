/** Every subject that rules can be run for, in groups: one that comes or goes makes only its own group be looked through. */
import { type Watched, watched } from '../base/incremental.ts';
import { sameData } from '../base/same-data.ts';
import { isKnown } from '../facts/field.ts';
import type { Mesh } from '../mesh/model.ts';
import type { Subject } from '../rules/rule.ts';

interface Group {
  readonly subjects: Watched<readonly Subject[]>;
  keys: ReadonlySet<string>;
}

export interface SubjectChanges {
  readonly gone: readonly string[];
  readonly come: readonly (readonly [string, Subject])[];
}

export class SubjectGroups {
  private readonly groups = new Map<string, Group>();
  private readonly due = new Set<string>();
  private readonly names: Watched<readonly string[]>;
  private namesDue = true;

  constructor(private readonly mesh: Mesh) {
    this.names = watched(
      () => groupsOf(mesh),
      () => {
        this.namesDue = true;
      },
      sameData,
    );
  }

  /** True if subjects may have come or gone. */
  get pending(): boolean {
    return this.namesDue || this.due.size > 0;
  }

  /** A step of what there is to do: subjects that went and came since the last time, each with its key. */
  update(): SubjectChanges {
    if (this.namesDue) return { gone: this.updateGroups(), come: [] };
    const gone: string[] = [];
    const come: (readonly [string, Subject])[] = [];
    for (const name of this.due) {
      this.due.delete(name);
      const group = this.groups.get(name);
      if (group === undefined) continue;
      const wanted = new Map(group.subjects.get().map((subject) => [subjectKey(subject), subject]));
      for (const key of group.keys) if (!wanted.has(key)) gone.push(key);
      for (const entry of wanted) if (!group.keys.has(entry[0])) come.push(entry);
      group.keys = new Set(wanted.keys());
      break;
    }
    return { gone, come };
  }

  dispose(): void {
    for (const { subjects } of this.groups.values()) subjects.dispose();
    this.names.dispose();
  }

  private updateGroups(): readonly string[] {
    this.namesDue = false;
    const gone: string[] = [];
    const wanted = new Set(this.names.get());
    for (const [name, { subjects, keys }] of this.groups) {
      if (wanted.has(name)) continue;
      gone.push(...keys);
      subjects.dispose();
      this.groups.delete(name);
      this.due.delete(name);
    }
    for (const name of wanted) {
      if (this.groups.has(name)) continue;
      const subjects = watched(
        () => subjectsOf(this.mesh, name),
        () => this.due.add(name),
        sameData,
      );
      this.groups.set(name, { subjects, keys: new Set() });
      this.due.add(name);
    }
    return gone;
  }
}

/**
 * The names of the groups. Services come first: what gateways, clusters and the mesh are asked for builds on what is known of
 * them by then, so that no single evaluation takes long.
 */
function groupsOf(mesh: Mesh): readonly string[] {
  return [
    ...mesh.serviceNamespaces().map((namespace) => `services\n${namespace}`),
    ...mesh.clusters.flatMap(({ id }) => [`namespaces\n${id}`, `gateways\n${id}`, `cluster\n${id}`]),
    'mesh\n',
  ];
}

function subjectsOf(mesh: Mesh, group: string): readonly Subject[] {
  const [kind, of] = group.split('\n') as [string, string];
  switch (kind) {
    case 'services':
      return mesh.serviceNames(of).map((name) => ({ per: 'service', namespace: of, name }));
    case 'namespaces':
      return mesh.namespaces(of).map((name) => ({ per: 'namespace', cluster: of, name }));
    case 'gateways':
      return mesh.objects(of, 'Gateway').flatMap(({ name, namespace }): readonly Subject[] => {
        if (!isKnown(namespace)) return [];
        return [{ per: 'gateway', cluster: of, namespace: namespace.value, name: name.value }];
      });
    case 'cluster':
      return [{ per: 'cluster', cluster: of }];
    default:
      return [{ per: 'mesh' }];
  }
}

function subjectKey(subject: Subject): string {
  return Object.values(subject).join('\n');
}
