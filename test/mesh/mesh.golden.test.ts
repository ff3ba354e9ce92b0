/**
 * The model against what Istio's own code concludes of 233 sets of manifests, for every minor from 1.27: `test/golden/mesh.json`,
 * packed by `scripts/pack-golden.mjs`. Prints how many facts agree.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { atOnce } from '../../server/src/base/steps.ts';
import type { Mesh } from '../../server/src/mesh/model.ts';
import { World } from './read-world.ts';

interface Expected {
  readonly clusters: Readonly<Record<string, { readonly network: string }>>;
  readonly services: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly clusters: Readonly<
      Record<
        string,
        {
          readonly scope: Readonly<Record<string, string>>;
          readonly waypoint: string | null;
          readonly waypointProblem: string | null;
          readonly generated?: true;
          readonly notInIndex?: true;
        }
      >
    >;
  }[];
  readonly views: Readonly<
    Record<
      string,
      {
        readonly services: readonly Readonly<Record<string, unknown>>[];
        readonly networkGateways: readonly {
          readonly network: string;
          readonly cluster: string;
          readonly gateway: string;
        }[];
        readonly exposedByEastWestGateway: readonly string[];
      }
    >
  >;
  readonly gateways: readonly {
    readonly cluster: string;
    readonly namespace: string;
    readonly name: string;
    readonly rejected?: string;
    readonly listeners: readonly Readonly<Record<string, unknown>>[];
  }[];
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, Expected>>;
}

const CASES: Readonly<Record<string, Case>> = JSON.parse(readFileSync('test/golden/mesh.json', 'utf8'));

/** Compares facts and keeps what differs. */
class Tally {
  agree = 0;
  readonly differences: string[] = [];

  fact(what: string, wanted: unknown, found: unknown): void {
    if (isDeepStrictEqual(wanted, found)) this.agree++;
    else this.differences.push(`${what}: Istio ${JSON.stringify(wanted)}, here ${JSON.stringify(found)}`);
  }
}

function compare(name: string, mesh: Mesh, expected: Expected, tally: Tally): void {
  for (const [cluster, { network }] of Object.entries(expected.clusters)) {
    tally.fact(`${name}: network of ${cluster}`, network, mesh.network(cluster).reported);
  }
  const rows: string[] = [];
  for (const { namespace, name: service, clusters } of expected.services) {
    for (const [owner, facts] of Object.entries(clusters)) {
      rows.push(`${namespace}/${service} of ${owner}`);
      const what = `${name}: ${namespace}/${service} of ${owner}`;
      for (const [viewer, scope] of Object.entries(facts.scope)) {
        tally.fact(`${what}: scope seen by ${viewer}`, scope, mesh.scope(viewer, owner, namespace, service).scope);
      }
      const row = mesh.serviceRow(owner, namespace, service);
      tally.fact(`${what}: generated`, facts.generated ?? false, row !== undefined && row.service === undefined);
      if (facts.notInIndex) continue;
      const { waypoint, problem, unknown } = mesh.waypoint(owner, namespace, service);
      tally.fact(`${what}: waypoint`, [facts.waypoint, facts.waypointProblem, false], [waypoint, problem, unknown]);
    }
  }
  const found = mesh
    .serviceKeys()
    .flatMap((key) => mesh.owners(...(key.split('/') as [string, string])).map((owner) => `${key} of ${owner}`));
  tally.fact(`${name}: services`, rows.sort(), found.sort());
  const viewOf = mesh.views();
  for (const [viewer, view] of Object.entries(expected.views)) {
    const seen = atOnce(viewOf(viewer));
    const key = (row: Readonly<Record<string, unknown>>) => `${row.kind} ${row.namespace}/${row.name} ${row.hostname}`;
    const actual = new Map(seen.rows.map((row) => [key({ ...row }), row]));
    for (const row of view.services) tally.fact(`${name}: view of ${viewer}: ${key(row)}`, row, actual.get(key(row)));
    tally.fact(`${name}: view of ${viewer}: rows`, view.services.map(key).sort(), [...actual.keys()].sort());
    const plain = ({ network, cluster, gateway }: (typeof view.networkGateways)[number]) =>
      `${network} ${cluster} ${gateway}`;
    tally.fact(
      `${name}: gateways seen by ${viewer}`,
      view.networkGateways.map(plain).sort(),
      mesh.networkGateways(viewer).map(plain).sort(),
    );
    tally.fact(`${name}: exposed by ${viewer}`, view.exposedByEastWestGateway, seen.exposedByEastWestGateway);
  }
  for (const { cluster, namespace, name: gateway, listeners, rejected } of expected.gateways) {
    if (rejected !== undefined) continue;
    const judged = mesh.listeners(cluster, namespace, gateway).map(({ at: _, ...listener }) => listener);
    tally.fact(`${name}: listeners of ${cluster} ${namespace}/${gateway}`, listeners, judged);
  }
}

describe('mesh model against Istio', () => {
  for (const minor of ['1.27', '1.28', '1.29', '1.30', '1.31', '1.32']) {
    it(`agrees with Istio ${minor}`, () => {
      const tally = new Tally();
      for (const [name, { files, expected }] of Object.entries(CASES)) {
        const world = new World();
        for (const [file, text] of Object.entries(files)) if (file.includes('/')) world.set(file, text);
        compare(name, world.mesh(minor), (expected[minor] ?? expected['']) as Expected, tally);
      }
      const total = tally.agree + tally.differences.length;
      console.log(
        `      agree ${tally.agree} of ${total} facts in ${Object.keys(CASES).length} cases with Istio ${minor}`,
      );
      assert.deepEqual(tally.differences.slice(0, 20), []);
      assert.ok(total > 5000);
    });
  }
});
