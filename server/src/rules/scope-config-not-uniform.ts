/** Limitation 4: lists of scopes that differ between clusters. */

import { has } from '../base/istio-version.ts';
import { isKnown, type Known } from '../facts/field.ts';
import type { ScopeConfigs } from '../facts/install.ts';
import type { ClusterId } from '../layout/layout.ts';
import { type Blame, blameApart, otherWay, type Side } from '../mesh/blame.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import type { YamlValue } from '../yaml/edit.ts';
import { type Finding, type FindingObject, type Fix, rule } from './rule.ts';
import { boundaryOf } from './scope-boundary-crossed.ts';
import { labelledServices } from './scope-label-ineffective.ts';
import { editsFor } from './shared/edits-for.ts';
import { isForEverything } from './shared/scope-entries.ts';
import { entryValue, meaningOf, withMeantScopes } from './shared/scope-meaning.ts';
import { certainScope, takesPart } from './shared/taking-part.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS } from './shared/wording.ts';

interface ConfigSide extends Side {
  readonly configs: Known<ScopeConfigs>;
}

export const scopeConfigNotUniform = rule({
  id: 'scope-config-not-uniform',
  summary: 'The serviceScopeConfigs of all clusters must select the same Services.',
  why: "An istiod judges the Services of every cluster by its own `serviceScopeConfigs`; it never uses another cluster's list. Where the lists differ, a Service can be global for the clients of one cluster and local for those of another.",
  severity: 'error',
  otherwise: {
    warning: 'if only Services that a single cluster has are affected',
    hint: 'if no Service in the workspace is affected',
  },
  group: 'scope',
  limitation: 4,
  since: '1.27',
  reads: ['Install', 'Service', 'Namespace', 'Gateway', 'GatewayClass', 'Workload'],
  fix: 'both',
  howToFix:
    'Write the same `meshConfig.serviceScopeConfigs` in every cluster. A list of your own replaces that of profile `ambient`: with it the label `istio.io/global` means nothing unless an entry selects it.',
  whenToSilence: 'While the lists are being changed cluster by cluster.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:219-235',
    'pilot/pkg/serviceregistry/ambient/services.go:198-207, 338-383',
    'https://github.com/istio/istio/issues/58269',
  ],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    // Entries that lack the scope that others give them are told by scope-local-entry-ineffective.
    const blamedBy = (meaning: Meaning) =>
      blameApart(sidesOf(mesh, meaning), (side) => isWrongAnyway(mesh, side), mesh);
    const apart = blamedBy((entries) => meaningOf(withMeantScopes(mesh, entries)));
    const blamed = apart ?? blamedBy(meaningOf);
    if (blamed === undefined) return;
    const changed = serviceThatChanges(mesh, [...blamed.odd, ...blamed.agreeing]);
    if (changed?.isTold === true) return;
    const cause = apart === undefined ? 'scopes' : 'entries';
    const meant = changed === undefined ? [] : changedServices(mesh, [...blamed.odd, ...blamed.agreeing]);
    yield { ...finding(mesh, blamed, changed), cause, meant };
  },
});

type Meaning = (entries: ScopeConfigs['entries']) => string | undefined;

/** True for a list that no other is to be measured against: nothing reads it, it selects everything, or none of the labels that are there. */
function isWrongAnyway(mesh: Mesh, { cluster, configs }: ConfigSide): boolean {
  const version = mesh.version(cluster);
  return (
    (version.known && !has(version, 'multicluster')) ||
    clusterOf(mesh, cluster)?.install.controlPlane === 'remote' ||
    configs.value.entries.some(isForEverything) ||
    labelsAreIdle(mesh, cluster)
  );
}

/** True if Services are labelled to be global, here or elsewhere, and the list of this cluster makes none of them so. */
function labelsAreIdle(mesh: Mesh, viewer: ClusterId): boolean {
  const owners = mesh.clusterNames.filter(({ id }) => takesPart(mesh, id) && labelledServices(mesh, id).length > 0);
  const isLocal = (owner: ClusterId): boolean =>
    labelledServices(mesh, owner).every(
      ({ namespace, service }) => certainScope(mesh, owner, mesh.scope(viewer, owner, namespace, service)) === 'LOCAL',
    );
  return owners.length > 0 && owners.every(({ id }) => isLocal(id));
}

function sidesOf(mesh: Mesh, meaning: Meaning): readonly ConfigSide[] {
  return mesh.clusters.flatMap(({ id, name, install: { scopeConfigs } }): readonly ConfigSide[] => {
    if (!isKnown(scopeConfigs) || !takesPart(mesh, id)) return [];
    const value = meaning(scopeConfigs.value.entries);
    return value === undefined ? [] : [{ cluster: id, name, value, configs: scopeConfigs }];
  });
}

function finding(mesh: Mesh, blamed: Blame<ConfigSide>, changed: ChangedService | undefined): Finding {
  const { odd, agreeing, tie } = blamed;
  const sides = [...odd, ...agreeing];
  const first = odd[0] as ConfigSide;
  const consequence =
    changed === undefined
      ? 'No Service in this workspace is affected yet.'
      : `Service ${changed.key} is global as seen from ${changed.global}, but local as seen from ${changed.local}.`;
  const message = `The serviceScopeConfigs of ${listed(odd.map(({ name }) => name))} differ from those of ${listed(agreeing.map(({ name }) => name))}. ${consequence}`;
  return {
    ...(changed?.isShared === true ? {} : { severity: changed === undefined ? 'hint' : 'warning' }),
    message,
    at: first.configs.value.at,
    clusters: sides.map(({ cluster }) => cluster),
    object: undefined,
    related: [...odd.slice(1), ...agreeing].map(({ cluster, name, configs: { value } }) => ({
      at: value.at,
      cluster,
      message: value.fromProfile
        ? `${name} has the serviceScopeConfigs of its profile`
        : `the serviceScopeConfigs of ${name}`,
      mirror: message,
    })),
    tie,
    fixes: () => [...fixes(mesh, blamed, true), ...otherWay(blamed).flatMap((other) => fixes(mesh, other, false))],
  };
}

interface ChangedService {
  readonly key: string;
  readonly global: string;
  readonly local: string;
  /** True if several clusters have it: then it is torn as by labels that differ. */
  readonly isShared: boolean;
  /** True if `scope-boundary-crossed` tells of it. */
  readonly isTold: boolean;
}

/**
 * A Service that two clusters judge differently because of their lists; one that nothing else tells of, if there is any. Of these rather
 * one that several clusters have, and one that is written.
 */
function serviceThatChanges(mesh: Mesh, sides: readonly ConfigSide[]): ChangedService | undefined {
  let best: (ChangedService & { readonly rank: number }) | undefined;
  for (const key of mesh.serviceKeys()) {
    const { namespace, name } = splitKey(key);
    const owners = mesh.owners(namespace, name);
    const isTold = owners.some((owner) => boundaryOf(mesh, owner, namespace)?.scope === 'LOCAL');
    if (isTold && best !== undefined) continue;
    const views = viewsOf(mesh, sides, namespace, name);
    const [view] = views;
    if (view === undefined) continue;
    const isShared = views.filter(({ owner }) => takesPart(mesh, owner)).length > 1;
    const isWritten = mesh.serviceRow(view.owner, namespace, name)?.service !== undefined;
    const rank = isTold ? 0 : 1 + (isShared ? 2 : 0) + (isWritten ? 1 : 0);
    if (best !== undefined && rank <= best.rank) continue;
    best = { key, global: view.global, local: view.local, isShared, isTold, rank };
    if (rank === BEST_RANK) break;
  }
  return best;
}

interface TornView {
  readonly owner: ClusterId;
  readonly global: string;
  readonly local: string;
}

/** For each cluster that has a Service: those to which it is global, and local, if there are both. */
function viewsOf(mesh: Mesh, sides: readonly ConfigSide[], namespace: string, name: string): readonly TornView[] {
  return mesh.owners(namespace, name).flatMap((owner) => {
    const seen = (scope: string) =>
      sides.find(({ cluster }) => {
        const judged = mesh.scope(cluster, owner, namespace, name);
        return judged.scope === scope && !judged.assumed;
      })?.name;
    const global = seen('GLOBAL');
    const local = seen('LOCAL');
    return global === undefined || local === undefined ? [] : [{ owner, global, local }];
  });
}

/** What is told of these follows from the lists. */
function changedServices(mesh: Mesh, sides: readonly ConfigSide[]): readonly FindingObject[] {
  return mesh.serviceKeys().flatMap((key) => {
    const { namespace, name } = splitKey(key);
    return viewsOf(mesh, sides, namespace, name).length === 0 ? [] : [{ kind: 'Service', namespace, name }];
  });
}

/** Of a written Service that several clusters have. */
const BEST_RANK = 4;

function fixes(mesh: Mesh, { odd, agreeing, tie }: Blame<ConfigSide>, preferred: boolean): readonly Fix[] {
  const model = agreeing[0]?.configs.value;
  const list = model?.entries.map(entryValue);
  if (model === undefined || list === undefined || list.includes(undefined)) return [];
  const places = odd.map(({ cluster }) => clusterOf(mesh, cluster)?.install.places.scopeConfigs);
  if (places.some((place) => place === undefined)) return [];
  // What somebody wrote beside the others' entries may be meant; what lacks some of these is not.
  const kept = new Set(list.map((entry) => JSON.stringify(entry)));
  const loses = odd.some(({ configs }) =>
    configs.value.entries.some((one) => !kept.has(JSON.stringify(entryValue(one)))),
  );
  return [
    {
      title: `Copy serviceScopeConfigs from ${agreeing[0]?.name} to ${listed(odd.map(({ name }) => name))}`,
      safe: !tie && !loses,
      preferred,
      edits: () =>
        places.flatMap((place, i) =>
          place === undefined
            ? []
            : editsFor((odd[i] as ConfigSide).cluster, [{ op: 'set', at: place.at, value: list as YamlValue[] }]),
        ),
    },
  ];
}
