/** Services by clusters: those that differ first, the equal ones folded. */

import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh, Scope } from '../../mesh/model.ts';
import { counted } from '../../rules/shared/wording.ts';
import { type ServiceStanding, type Standing, waypointWord } from '../../topology/service-standing.ts';
import { leaksThrough } from '../service-rows.ts';
import { escapeMarkdown, table } from './escape.ts';

/** More rows than a reader goes through; the json report has them all. */
const MOST_ROWS = 200;

/** In steps. */
export function* servicesSection(mesh: Mesh, services: readonly ServiceStanding[]): Generator<void, string> {
  const differing = services.filter(({ scopeDiffers, waypointDiffers }) => scopeDiffers || waypointDiffers);
  const equal = services.filter(({ scopeDiffers, waypointDiffers }) => !scopeDiffers && !waypointDiffers);
  const of = (scope: Scope): readonly ServiceStanding[] => equal.filter((service) => widestScope(service) === scope);
  const [global, unknown, local] = [of('GLOBAL'), of('UNKNOWN'), of('LOCAL')];
  const parts = [
    '## Services',
    differing.length === 0 ? 'No Service differs between the clusters.' : yield* servicesTable(mesh, differing),
    yield* folded(mesh, `${counted(global.length, 'global Service')} without a difference`, global),
    yield* folded(mesh, `${counted(unknown.length, 'Service')} of which the scope is not known`, unknown),
    yield* folded(mesh, counted(local.length, 'local Service'), local),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The widest scope that it has, or may have, in any cluster. */
function widestScope(service: ServiceStanding): Scope {
  const scopes = service.in.map(({ scope }) => scope.scope);
  return (['GLOBAL', 'UNKNOWN'] as const).find((scope) => scopes.includes(scope)) ?? 'LOCAL';
}

/** Equal rows are one click away. The blank lines make what is inside Markdown again. */
function* folded(mesh: Mesh, summary: string, services: readonly ServiceStanding[]): Generator<void, string> {
  if (services.length === 0) return '';
  return `<details><summary>${summary}</summary>\n\n${yield* servicesTable(mesh, services)}\n\n</details>`;
}

function* servicesTable(mesh: Mesh, services: readonly ServiceStanding[]): Generator<void, string> {
  const head = ['Service', ...mesh.clusters.map(({ name }) => escapeMarkdown(name))];
  const rows: string[][] = [];
  for (const service of services.slice(0, MOST_ROWS)) {
    const cells = mesh.clusters.map(({ id }) => cell(mesh, service, id));
    rows.push([escapeMarkdown(`${service.namespace}/${service.name}`), ...cells]);
    yield;
  }
  const rest = services.length - MOST_ROWS;
  return rest <= 0 ? table(head, rows) : `${table(head, rows)}\n\n… and ${rest} more (\`report --format json\`).`;
}

function cell(mesh: Mesh, service: ServiceStanding, cluster: ClusterId): string {
  const own = service.in.find((standing) => standing.cluster === cluster);
  if (own === undefined) return '–';
  const leak = leaksThrough(mesh, cluster, service.namespace, service.name);
  return escapeMarkdown(
    [scopeCell(mesh, service, own), waypointCell(service, own), ...(leak === undefined ? [] : ['leaks through it'])]
      .filter((part) => part !== '')
      .join(' · '),
  );
}

/** The scope in the cluster's own eyes, and the clusters that are known to see it otherwise. */
function scopeCell(mesh: Mesh, { namespace, name }: ServiceStanding, { cluster, scope }: Standing): string {
  const others = mesh.clusters.flatMap((viewer) => {
    const seen = mesh.scope(viewer.id, cluster, namespace, name);
    return seen.scope === scope.scope || seen.assumed ? [] : [`${viewer.name} sees ${seen.scope}`];
  });
  const notes = [...(scope.assumed ? ['assumed'] : []), ...others];
  return notes.length === 0 ? scope.scope : `${scope.scope} (${notes.join(', ')})`;
}

function waypointCell(service: ServiceStanding, { waypoint }: Standing): string {
  const none = waypoint.waypoint === null && waypoint.problem === null && !waypoint.unknown;
  return none && !service.waypointDiffers ? '' : waypointWord(waypoint, service.namespace);
}
