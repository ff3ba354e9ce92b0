/** The JSON Schema of `report --format json`. */
import type { Scope } from '../../mesh/model.ts';
import type { GatewayJson, NamespaceJson, NetworkJson, WaypointJson } from '../place-rows.ts';
import type { ServiceInClusterJson, ServiceJson } from '../service-rows.ts';
import type { TopologyJson } from '../topology-json.ts';
import type { UnreadJson } from '../unread-json.ts';
import type { ViewJson, ViewServiceJson } from '../view-rows.ts';
import {
  byName,
  count,
  defined,
  flag,
  type JsonSchema,
  list,
  mark,
  object,
  oneOf,
  orNull,
  root,
  text,
} from './json-schema.ts';
import { file, reportedClusterProperties, SHARED, tool, version } from './shared.ts';

const string: JsonSchema = { type: 'string' };
const mesh = text('The id of the mesh.');
const cluster = text('The key of the cluster.');
const namespace = text('The namespace.');
const name = text('The name.');
const network = text('The name of the network; empty where nothing says it.');

const SCOPES: readonly Scope[] = ['GLOBAL', 'LOCAL', 'UNKNOWN'];
const scope = oneOf('GLOBAL: other clusters reach it. UNKNOWN: what decides it cannot be read.', SCOPES);

const CLUSTER = object<TopologyJson['clusters'][number]>(
  'A cluster as istiod would conclude of it.',
  {
    key: text('The name by which the rest of the report speaks of it: unique over all meshes.'),
    ...reportedClusterProperties,
    assumed: list('What is taken for granted because no manifest says it.', string),
  },
  ['imported', 'facts'],
);

const NETWORK = object<NetworkJson>('A network.', { mesh, name: network, clusters: list('Clusters on it.', string) });

const LISTENER = object<GatewayJson['listeners'][number]>('A listener of a Gateway.', {
  name,
  accepted: orNull('Whether Istio accepts it; null if a value cannot be read.', flag('')),
  reason: text("The reason of Istio's condition."),
  message: text("The message of Istio's condition."),
});

const GATEWAY = object<GatewayJson>('A Gateway.', {
  mesh,
  cluster,
  namespace,
  name,
  class: orNull('Its class; null if it is not written or cannot be read.', string),
  network: orNull('The network that its label names.', string),
  listeners: list("Its listeners, if its class is one of Istio's.", defined('listener')),
});

const NAMESPACE = object<NamespaceJson>('A namespace.', {
  mesh,
  cluster,
  name,
  written: flag('Whether a manifest of it is in sight.'),
  ambient: orNull('Whether its label takes it into the mesh; null if the label cannot be read.', flag('')),
});

const WAYPOINT = object<WaypointJson>('A waypoint.', {
  mesh,
  cluster,
  namespace,
  name,
  scope,
  services: list('The Services that it serves, as `namespace/name`.', string),
});

const UNREAD = object<UnreadJson>('Files that could not be read for one reason.', {
  reason: text('The reason; there may be more reasons in later versions.', [
    'helm-template',
    'broken-yaml',
    'encrypted',
  ]),
  why: text('The reason in words.'),
  count: count('The number of files.'),
  files: list('The files.', {
    type: 'object',
    properties: {
      file,
      cluster: orNull('The cluster that it would belong to.', string),
      unknown: list('What of it is not known, where only a part is not.', string),
    },
    required: ['file', 'cluster'],
  }),
});

const SERVICE_IN_CLUSTER = object<ServiceInClusterJson>(
  'A Service in a cluster that has it.',
  {
    scope: byName('Its scope in the eyes of every cluster, by the key of that cluster.', scope),
    waypoint: orNull('The waypoint that it resolves to, as `namespace/name`; UNKNOWN if that cannot be read.', string),
    waypointProblem: orNull("Why it has not the waypoint that it asks for: the reason of Istio's condition.", string),
    generated: mark('Istio generates the Service here.'),
    leaksThrough: text('The global waypoint through which other clusters reach this local Service.'),
  },
  ['generated', 'leaksThrough'],
);

const SERVICE = object<ServiceJson>(
  'A Service over all clusters.',
  {
    mesh,
    namespace,
    name,
    generated: mark('Istio generates it, for a waypoint or a gateway, in every cluster that has it.'),
    clusters: byName('By the key of the cluster that has it.', defined('serviceInCluster')),
  },
  ['generated'],
);

const VIEW_SERVICE = object<ViewServiceJson>(
  'A Service, or a host of a ServiceEntry, as the data plane of one cluster is told of it.',
  {
    namespace,
    name,
    hostname: text('Its host name.'),
    kind: oneOf('What it is made from.', ['Service', 'ServiceEntry']),
    scope: oneOf('Its scope; empty for what has none.', [...SCOPES, '']),
    waypoint: orNull('Its waypoint, as `namespace/name`.', string),
    endpointClusters: list('Clusters whose endpoints belong to it.', string),
    vipClusters: list('Clusters whose addresses belong to it.', string),
    vipNetworks: list('The networks of these addresses.', string),
    orderDependent: mark(
      'Clusters contradict each other, and what counts depends on the order in which istiod reads them.',
    ),
  },
  ['orderDependent'],
);

const VIEW = object<ViewJson>('What the data plane of one cluster is told.', {
  services: list('The Services.', defined('viewService')),
  networkGateways: list(
    'The gateways to other networks.',
    object<ViewJson['networkGateways'][number]>('A gateway to a network.', { network, cluster, gateway: name }),
  ),
  exposedByEastWestGateway: list("The Services that the cluster's own east-west gateway serves.", string),
});

export const REPORT_SCHEMA: JsonSchema = root(
  'ambient-multicluster report --format json',
  {
    ...SHARED,
    cluster: CLUSTER,
    network: NETWORK,
    gateway: GATEWAY,
    listener: LISTENER,
    namespace: NAMESPACE,
    waypoint: WAYPOINT,
    service: SERVICE,
    serviceInCluster: SERVICE_IN_CLUSTER,
    view: VIEW,
    viewService: VIEW_SERVICE,
    unread: UNREAD,
  },
  object<TopologyJson>('The topology: what istiod would conclude if the workspace were everything that is applied.', {
    version,
    tool,
    meshes: list('The meshes.', defined('mesh')),
    networks: list('The networks.', defined('network')),
    clusters: list('The clusters.', defined('cluster')),
    gateways: list('The Gateways.', defined('gateway')),
    namespaces: list('The namespaces.', defined('namespace')),
    waypoints: list('The waypoints.', defined('waypoint')),
    services: list('One row for each Service.', defined('service')),
    unread: list('What could not be read, and why, by the reason.', defined('unread')),
    views: byName('By the key of the cluster that looks.', defined('view')),
  }),
);
