/** The six limitations of Istio's documentation as a table: what is broken, what is fine, and what cannot be told. */
import type { PlacedFinding } from '../../engine/snapshot.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { Cluster, ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { isOfSolo } from '../../rules/shared/solo.ts';
import type { ServiceStanding } from '../../topology/service-standing.ts';
import { escapeMarkdown, placeLink, table } from './escape.ts';

type LimitationNumber = 1 | 2 | 3 | 4 | 5 | 6;

const TITLES: Readonly<Record<LimitationNumber, string>> = {
  1: 'One network per cluster',
  2: 'Primaries only',
  3: 'Uniform waypoints',
  4: 'Scope agrees',
  5: 'Global waypoints',
  6: 'East-west HBONE only',
};

/** What keeps a limitation from being judged in this mesh; undefined: nothing does. */
type Doubt = (mesh: Mesh, services: readonly ServiceStanding[]) => string | undefined;

const DOUBTS: Readonly<Record<LimitationNumber, Doubt>> = {
  1: (mesh) => clusterDoubt(mesh, 'label of the network not known', ({ id }) => !isKnown(mesh.network(id).effective)),
  2: (mesh) =>
    clusterDoubt(mesh, 'control plane not in the workspace', ({ install }) => install.controlPlane === 'none'),
  3: (_, services) =>
    serviceDoubt(services, 'waypoint not known', (service) => service.in.some(({ waypoint }) => waypoint.unknown)),
  4: (mesh, services) =>
    clusterDoubt(mesh, 'mesh config not in the workspace', ({ install }) => !isKnown(install.scopeConfigs)) ??
    serviceDoubt(services, 'scope not known', (service) => service.in.some(({ scope }) => scope.scope === 'UNKNOWN')),
  5: (mesh) =>
    clusterDoubt(mesh, 'scope of a waypoint not known', ({ id }) =>
      mesh.objects(id, 'Gateway').some((gateway) => {
        const namespace = knownValue(gateway.namespace) ?? '';
        const served = mesh.servedBy(id, `${namespace}/${gateway.name.value}`).length > 0;
        return served && mesh.waypointScope(id, namespace, gateway.name.value).scope === 'UNKNOWN';
      }),
    ),
  6: (mesh) =>
    clusterDoubt(mesh, 'gateway not in the workspace', ({ id }) => !isOfSolo(mesh, id) && !hasEastWest(mesh, id)) ??
    clusterDoubt(mesh, "gateways of Solo's distribution are not judged", ({ id }) => !hasEastWest(mesh, id)),
};

function hasEastWest(mesh: Mesh, cluster: ClusterId): boolean {
  return mesh.objects(cluster, 'Gateway').some(({ className }) => knownValue(className) === 'istio-east-west');
}

function clusterDoubt(mesh: Mesh, what: string, doubtful: (cluster: Cluster) => boolean): string | undefined {
  const names = mesh.clusters.filter(doubtful).map(({ name }) => name);
  return names.length === 0 ? undefined : `${names.join(', ')}: ${what}`;
}

function serviceDoubt(
  services: readonly ServiceStanding[],
  what: string,
  doubtful: (service: ServiceStanding) => boolean,
): string | undefined {
  const found = services.find(doubtful);
  return found && `${found.namespace}/${found.name}: ${what}`;
}

/**
 * The table of one mesh. A limitation without a finding is fine only if everything that could break it is in sight; what is merely hinted
 * at is not known.
 */
export function limitationsTable(
  mesh: Mesh,
  services: readonly ServiceStanding[],
  findings: readonly PlacedFinding[],
): string {
  const numbers = Object.keys(TITLES).map((text) => Number.parseInt(text, 10) as LimitationNumber);
  const rows = numbers.map((number) => {
    const own = findings.filter(({ rule }) => rule.limitation === number);
    const certain = own.filter(({ severity }) => severity !== 'hint');
    const [hint] = own;
    const [state, place] =
      certain.length > 0
        ? broken(certain)
        : hint !== undefined
          ? (['?', firstSentence(hint)] as const)
          : unbroken(mesh, services, number);
    return [`${number} ${TITLES[number]}`, state, place];
  });
  return table(['Limitation', 'State', 'First place'], rows);
}

function broken(findings: readonly PlacedFinding[]): readonly [state: string, place: string] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const first = errors[0] ?? (findings[0] as PlacedFinding);
  return [`${errors.length > 0 ? '✗' : '⚠'} ${findings.length}`, firstSentence(first)];
}

function firstSentence({ message, location }: PlacedFinding): string {
  const sentence = /^.*?[.!?](?=\s|$)/s.exec(message)?.[0] ?? message;
  return `${escapeMarkdown(sentence)} ${placeLink(location)}`;
}

function unbroken(
  mesh: Mesh,
  services: readonly ServiceStanding[],
  number: LimitationNumber,
): readonly [state: string, place: string] {
  const alone =
    mesh.clusters.length < 2 && number !== 2 && number !== 5 ? 'only one cluster in the workspace' : undefined;
  const doubt =
    alone ??
    DOUBTS[number](mesh, services) ??
    clusterDoubt(mesh, 'not everything was read', ({ id }) => mesh.partial(id));
  return doubt === undefined ? ['✓', ''] : ['?', escapeMarkdown(doubt)];
}
