/** A global Service that a cluster with its Namespace lacks: clients there find no address for it. */
import type { Anchor } from '../base/anchor.ts';
import { editDistance } from '../config/did-you-mean.ts';
import { isKnown } from '../facts/field.ts';
import type { ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { sameItems } from '../mesh/context.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import type { YamlValue } from '../yaml/edit.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { additions, knownPairs } from './shared/copy-object.ts';
import { absenceIn, keepDeleted } from './shared/deleted-object.ts';
import { editsFor } from './shared/edits-for.ts';
import type { GlobalSide } from './shared/global-sides.ts';
import { missingNamespace, sidesOf } from './shared/missing-namespace.ts';
import { isTie } from './shared/misspelt-names.ts';
import { lackingIn, type MisspeltService, misspeltIn, renameService } from './shared/misspelt-services.ts';
import { knownPorts, portManifest } from './shared/service-ports.ts';
import { isWeakOf } from './shared/taking-part.ts';
import { FAILOVER_DOCS, listed, nameOf, WHILE_UNREAD } from './shared/wording.ts';

export const globalServiceMissingInCluster = rule({
  id: 'global-service-missing-in-cluster',
  summary: 'A global Service must exist in every cluster from which it is called.',
  why: 'A client finds a Service by an address of its own network. istiod adds the addresses of other clusters to a global Service, but they belong to their networks: where the cluster has no Service of that name, the DNS of ztunnel knows the name and has no address to answer with. A Service without Pods is enough. That the Service is missed in a cluster is concluded from its Namespace there alone: what a route or an environment variable names may be applied from elsewhere.',
  severity: 'warning',
  otherwise: { hint: WHILE_UNREAD },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Service', 'ServiceEntry', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Create the same Service in the cluster, with the same ports and labels; it needs no Pods there. Where the cluster has it under nearly that name, rename it. Where the whole Namespace is missing, which is told only of clusters that are declared complete, apply what the other clusters have of it.',
  whenToSilence: 'If nothing in that cluster calls the Service.',
  docs: FAILOVER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:578-681',
    'ztunnel src/dns/server.rs:435-488',
    'https://github.com/istio/istio/issues/60888',
    'https://github.com/istio/istio/issues/61068',
  ],
  per: 'service',
  *check(mesh, { namespace, name }) {
    if (!mesh.multicluster) return;
    yield* missingNamespace(mesh, namespace, name);
    const having = sidesOf(mesh, namespace, name);
    const [model] = having;
    if (model === undefined) return;
    const without = lackingIn(mesh, having, namespace, name);
    const misspelt = without.flatMap((id) => misspeltIn(mesh, id, namespace, name) ?? []);
    yield* misspeltFindings(mesh, having, misspelt, namespace, name);
    const lacking = without.filter((id) => !misspelt.some(({ cluster }) => cluster === id));
    const [first] = lacking;
    if (first === undefined) return;
    const where = listed(lacking.map((id) => nameOf(mesh, id)));
    const absence = absenceIn(mesh, lacking, 'Service', namespace, name, 'does not exist in');
    const weak = absence.at === undefined && lacking.every((id) => isWeakOf(mesh, id, 'Service', namespace, name));
    const strays = lacking.flatMap((id) => strayIn(mesh, id, namespace, name));
    const stray = strays.length === lacking.length ? strays[0] : undefined;
    const instead =
      stray === undefined
        ? ''
        : `; one of that name is there in namespace ${stray.namespace}, which nothing in this workspace creates`;
    const message = `Service ${namespace}/${name} is global in ${listed(having.map((side) => side.name))}, but ${absence.verb} ${where}, where its Namespace is in the mesh${instead}. Clients there find no address for it.`;
    yield {
      ...(weak ? { severity: 'hint' as const } : {}),
      message,
      at: stray?.at ?? absence.at ?? model.service.name.at,
      clusters: [...lacking, ...having.map(({ cluster }) => cluster)],
      object: { kind: 'Service', namespace, name },
      related: [
        ...absence.related,
        ...(absence.at === undefined && stray === undefined
          ? []
          : [{ at: model.service.name.at, cluster: model.cluster, message: `the Service in ${model.name}` }]),
        ...lacking.flatMap((id) => {
          const at = mesh.object(id, 'Namespace', '', namespace)?.name.at;
          return at === undefined ? [] : [{ at, cluster: id, message: `the Namespace in ${nameOf(mesh, id)}` }];
        }),
      ],
      // What was not read may hold the Service.
      fixes: () => {
        if (weak) return [];
        if (stray !== undefined) return [moveFix(lacking, strays, namespace, name)];
        const kept = lacking.flatMap((cluster, i) => {
          const one = absence.deletions[i];
          return one === undefined ? [] : [{ cluster, at: one.at, manifest: stub(one, namespace, name) }];
        });
        return kept.length === lacking.length
          ? keepDeleted(`Service ${namespace}/${name}`, where, kept)
          : fixes(mesh, lacking, model.service, namespace, name);
      },
    };
  },
});

function* misspeltFindings(
  mesh: Mesh,
  having: readonly GlobalSide[],
  misspelt: readonly MisspeltService[],
  namespace: string,
  name: string,
): Iterable<Finding> {
  for (const { cluster, service, isTold } of misspelt) {
    if (!isTold) continue;
    const other = service.name.value;
    const where = nameOf(mesh, cluster);
    const weak = isWeakOf(mesh, cluster, 'Service', namespace, name);
    const tie = isTie(mesh);
    const [model] = having as readonly [GlobalSide, ...GlobalSide[]];
    const consequence = `Clients in ${where} find no address for ${namespace}/${name}.`;
    const message = tie
      ? `Service ${namespace}/${name} in ${model.name} and ${namespace}/${other} in ${where} seem to be one under two names. ${consequence}`
      : `Service ${namespace}/${other} in ${where} seems to be ${namespace}/${name}, which is global in ${listed(having.map((side) => side.name))}. ${consequence}`;
    yield {
      ...(weak ? { severity: 'hint' as const } : {}),
      check: 'name',
      message,
      at: service.name.at,
      clusters: [cluster, ...having.map((side) => side.cluster)],
      object: { kind: 'Service', namespace, name },
      related: having.map((side) => ({
        at: side.service.name.at,
        cluster: side.cluster,
        message: `the Service in ${side.name}`,
        ...(tie ? { mirror: message } : {}),
      })),
      tie,
      fixes: () => {
        if (weak) return [];
        const renamed = renameService(mesh, cluster, service, name, !tie);
        return tie ? [renamed, renameService(mesh, model.cluster, model.service, other, false)] : [renamed];
      },
    };
  }
}

/** A Service of the same name in a namespace that is called nearly the same, and that nothing else is in or creates. */
interface Stray {
  readonly namespace: string;
  readonly at: Anchor;
}

/** The namespaces with Services of a cluster that no cluster creates, and in which no other cluster has Services. */
const uncreated = relation((mesh, cluster: ClusterId): readonly string[] => {
  const others = mesh.clusterNames.filter(({ id }) => id !== cluster);
  const elsewhere = new Set(others.flatMap(({ id }) => mesh.namespacesOf(id, 'Service')));
  return mesh
    .namespacesOf(cluster, 'Service')
    .filter(
      (name) =>
        !elsewhere.has(name) &&
        mesh.clusterNames.every(({ id }) => mesh.object(id, 'Namespace', '', name) === undefined),
    );
}, sameItems);

function strayIn(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): readonly Stray[] {
  for (const written of uncreated(mesh, cluster)) {
    const service = mesh.object(cluster, 'Service', written, name);
    if (service === undefined || editDistance(written, namespace) > MOST || !isKnown(service.namespace)) continue;
    return [{ namespace: written, at: service.namespace.at }];
  }
  return [];
}

/** Letters by which the name of a namespace may be off. */
const MOST = 2;

function moveFix(lacking: readonly ClusterId[], strays: readonly Stray[], namespace: string, name: string): Fix {
  return {
    title: `Move Service ${name} from namespace ${strays[0]?.namespace} to ${namespace}`,
    safe: false,
    preferred: true,
    edits: () =>
      strays.flatMap(({ at }, i) => editsFor(lacking[i] as ClusterId, [{ op: 'set', at, value: namespace }])),
  };
}

function fixes(
  mesh: Mesh,
  lacking: readonly ClusterId[],
  model: ServiceObject,
  namespace: string,
  name: string,
): readonly Fix[] {
  const edits = additions(mesh, lacking, namespace, stub(model, namespace, name), model.at);
  if (edits === undefined) return [];
  return [
    {
      title: `Create Service ${namespace}/${name} in ${listed(lacking.map((id) => nameOf(mesh, id)))}`,
      safe: false,
      preferred: true,
      edits: () => edits,
    },
  ];
}

/** The same Service, without what a cluster gives it; undefined if something in it is not known. */
function stub(model: ServiceObject, namespace: string, name: string): YamlValue | undefined {
  const ports = knownPorts(model);
  const labels = knownPairs(model.labels);
  const { selector } = model;
  if (ports === undefined || labels === undefined || (selector !== undefined && !isKnown(selector))) return undefined;
  const selected = selector === undefined ? {} : knownPairs(selector.value);
  if (selected === undefined) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels },
    spec: {
      ...(Object.keys(selected).length === 0 ? {} : { selector: selected }),
      ports: [...ports.values()].map(portManifest),
    },
  };
}
