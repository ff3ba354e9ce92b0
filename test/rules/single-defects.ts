/** Single defects that can be put into a correct workspace, each with the rule that must tell of it. */
import { isDeepStrictEqual } from 'node:util';
import type { Manifest, World } from './correct-worlds.ts';

export interface Defect {
  readonly name: string;
  readonly rule: string;
  /** Puts it into a cluster; false if the cluster has nothing in which it could be. */
  put(world: World, cluster: string): boolean;
}

type Match = (manifest: Manifest, file: string) => boolean;

/** A change of one manifest. */
function change(name: string, rule: string, match: Match, edit: (manifest: Manifest, cluster: string) => void): Defect {
  return {
    name,
    rule,
    put(world, cluster) {
      const found = world.find((one) => one.cluster === cluster && match(one.manifest, one.file));
      if (found === undefined) return false;
      const before = found.manifest;
      found.manifest = structuredClone(before);
      edit(found.manifest, cluster);
      return !isDeepStrictEqual(before, found.manifest);
    },
  };
}

function remove(name: string, rule: string, match: Match): Defect {
  return {
    name,
    rule,
    put(world, cluster) {
      const index = world.findIndex((one) => one.cluster === cluster && match(one.manifest, one.file));
      if (index >= 0) world.splice(index, 1);
      return index >= 0;
    },
  };
}

/** A further manifest, made of one that is there. */
function add(name: string, rule: string, match: Match, make: (like: Manifest) => Manifest): Defect {
  return {
    name,
    rule,
    put(world, cluster) {
      const found = world.find((one) => one.cluster === cluster && match(one.manifest, one.file));
      if (found !== undefined) world.push({ ...found, manifest: make(structuredClone(found.manifest)) });
      return found !== undefined;
    },
  };
}

const named =
  (kind: string, name: string): Match =>
  (manifest) =>
    manifest.kind === kind && manifest.metadata.name === name;
const ofClass =
  (className: string): Match =>
  (manifest) =>
    manifest.kind === 'Gateway' && manifest.spec.gatewayClassName === className;

const NETWORK = 'topology.istio.io/network';
const USE = 'istio.io/use-waypoint';
const istiodNamespace = named('Namespace', 'istio-system');
const sample = named('Namespace', 'sample');
const helloworld = named('Service', 'helloworld');
const eastWest = ofClass('istio-east-west');
const waypoint: Match = (manifest) => ofClass('istio-waypoint')(manifest, '') && manifest.metadata.name === 'waypoint';
const deployment = named('Deployment', 'plain');
const secret: Match = ({ kind }) => kind === 'Secret';

/** The statement of istiod: an IstioOperator, a Sail `Istio`, or Helm's values. */
const istiod: Match = ({ kind }, file) =>
  kind === 'IstioOperator' || kind === 'Istio' || file.endsWith('istiod-values.yaml');
const values = (manifest: Manifest): Manifest => (manifest.kind === undefined ? manifest : manifest.spec.values);
const meshConfig = (manifest: Manifest): Manifest => {
  const holder = manifest.kind === 'IstioOperator' ? manifest.spec : values(manifest);
  holder.meshConfig ??= {};
  return holder.meshConfig;
};
/** istiod where ztunnel has no settings of its own, and where it has. */
const operator: Match = ({ kind }) => kind === 'IstioOperator';
const ownZtunnel: Match = (manifest, file) => istiod(manifest, file) && !operator(manifest, file);
/** A ztunnel with settings of its own. */
const ztunnel: Match = ({ kind }, file) => kind === 'ZTunnel' || file.endsWith('ztunnel-values.yaml');
const ztunnelValues = (manifest: Manifest): Manifest =>
  manifest.kind === 'ZTunnel' ? manifest.spec.values.ztunnel : manifest;

const labels = (manifest: Manifest): Manifest => manifest.metadata.labels;
const listener = (manifest: Manifest): Manifest => manifest.spec.listeners[0];

/** Writes the key of a label otherwise. */
const respelt = (key: string, other: string) => (one: Manifest) => {
  const { [key]: value, ...others } = labels(one);
  if (value !== undefined) one.metadata.labels = { ...others, [other]: value };
};

const NETWORKS: readonly Defect[] = [
  change(
    'a misspelt network of istiod’s namespace',
    'label-key-misspelt',
    istiodNamespace,
    respelt(NETWORK, 'topology.istio.io/netwrok'),
  ),
  change(
    'a misspelt network of a gateway',
    'label-key-misspelt',
    eastWest,
    respelt(NETWORK, 'topology.istio.io/newtork'),
  ),
  change('a misspelt waypoint of a Namespace', 'label-key-misspelt', sample, respelt(USE, 'istio.io/use-waypiont')),
  change(
    'a misspelt ambient mode',
    'label-key-misspelt',
    named('Namespace', 'open'),
    respelt('istio.io/dataplane-mode', 'istio.io/data-plane-mode'),
  ),
  change(
    'a misspelt label of a global Service',
    'label-key-misspelt',
    helloworld,
    respelt('istio.io/global', 'istio.io/gobal'),
  ),
  change(
    'a misspelt label of a global waypoint',
    'label-key-misspelt',
    waypoint,
    respelt('istio.io/global', 'istio.io/globel'),
  ),
  change('istiod’s namespace without a network', 'istiod-namespace-network-mismatch', istiodNamespace, (one) => {
    delete labels(one)[NETWORK];
  }),
  change('istiod on another network', 'istiod-namespace-network-mismatch', istiod, (one) => {
    values(one).global.network = 'elsewhere';
  }),
  change('ztunnel on another network', 'ztunnel-network-mismatch', ztunnel, (one) => {
    ztunnelValues(one).network = 'elsewhere';
  }),
  change('ztunnel on no network', 'ztunnel-network-mismatch', ztunnel, (one) => {
    delete ztunnelValues(one).network;
  }),
  change('ztunnel with another cluster name', 'ztunnel-cluster-name-mismatch', ztunnel, (one) => {
    ztunnelValues(one).multiCluster.clusterName = 'elsewhere';
  }),
  change('istiod with another cluster name', 'ztunnel-cluster-name-mismatch', ownZtunnel, (one) => {
    values(one).global.multiCluster.clusterName = 'elsewhere';
  }),
  change('istiod and ztunnel with another cluster name', 'remote-secret-invalid', operator, (one) => {
    values(one).global.multiCluster.clusterName = 'elsewhere';
  }),
  change('no flag for several networks', 'multi-network-flag-missing', istiod, (one) => {
    if (one.kind === 'IstioOperator') one.spec.components.pilot.k8s.env = [];
    else delete values(one).pilot.env;
  }),
  change('no ambient mode', 'ambient-profile-missing', istiod, (one) => {
    (one.kind === undefined ? one : one.spec).profile = 'default';
  }),
  change('another trust domain', 'trust-domain-mismatch', istiod, (one) => {
    meshConfig(one).trustDomain = 'other.example.com';
  }),
  change('namespaces that istiod does not see', 'discovery-selectors-mismatch', istiod, (one) => {
    meshConfig(one).discoverySelectors = [
      { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['sample'] }] },
    ];
  }),
  change('an old version', 'istio-version-unsupported', istiod, (one) => {
    if (one.kind === 'Istio') one.spec.version = 'v1.26.4';
    else if (one.kind === 'IstioOperator') one.spec.tag = '1.26.4';
    else one.pilot.tag = '1.26.4';
  }),
  change('a version far behind, and with defects', 'istio-version-unsupported', istiod, (one) => {
    if (one.kind === 'Istio') one.spec.version = 'v1.28.3';
    else if (one.kind === 'IstioOperator') one.spec.tag = '1.28.3';
    else one.pilot.tag = '1.28.3';
  }),
];

const GATEWAYS: readonly Defect[] = [
  change('an east-west gateway without a network', 'eastwest-network-mismatch', eastWest, (one) => {
    delete labels(one)[NETWORK];
  }),
  change('an east-west gateway for another network', 'eastwest-network-mismatch', eastWest, (one) => {
    labels(one)[NETWORK] = 'elsewhere';
  }),
  change('class istio for HBONE', 'eastwest-class-invalid', eastWest, (one) => {
    one.spec.gatewayClassName = 'istio';
  }),
  change('a class that is nearly right', 'eastwest-class-invalid', eastWest, (one) => {
    one.spec.gatewayClassName = 'istio-east-west-gateway';
  }),
  change('an east-west gateway on another port', 'eastwest-listener-invalid', eastWest, (one) => {
    listener(one).port = 15443;
  }),
  change('hbone in small letters', 'eastwest-listener-invalid', eastWest, (one) => {
    listener(one).protocol = 'hbone';
  }),
  change('no TLS', 'eastwest-listener-invalid', eastWest, (one) => {
    delete listener(one).tls;
  }),
  change('TLS that is passed through', 'eastwest-listener-invalid', eastWest, (one) => {
    listener(one).tls = { mode: 'Passthrough' };
  }),
  change('TLS without options', 'eastwest-listener-invalid', eastWest, (one) => {
    delete listener(one).tls.options;
  }),
  remove('no east-west gateway', 'eastwest-gateway-missing', eastWest),
  add('two east-west gateways', 'eastwest-gateway-duplicate', eastWest, (one) => {
    one.metadata.name = 'second';
    return one;
  }),
  change('a gateway that only the cluster can call', 'eastwest-service-type-invalid', eastWest, (one) => {
    one.metadata.annotations = { 'networking.istio.io/service-type': 'ClusterIP' };
  }),
];

const WAYPOINTS: readonly Defect[] = [
  change('a local waypoint', 'waypoint-not-global', waypoint, (one) => {
    delete labels(one)['istio.io/global'];
  }),
  change('a waypoint for Pods', 'waypoint-traffic-type-mismatch', waypoint, (one) => {
    labels(one)['istio.io/waypoint-for'] = 'workload';
  }),
  change('a waypoint for nothing that exists', 'waypoint-traffic-type-mismatch', waypoint, (one) => {
    labels(one)['istio.io/waypoint-for'] = 'services';
  }),
  change('a waypoint on another port', 'waypoint-listener-invalid', waypoint, (one) => {
    listener(one).port = 15000;
  }),
  change('a waypoint for another network', 'waypoint-network-mismatch', waypoint, (one) => {
    labels(one)[NETWORK] = 'elsewhere';
  }),
  change('a waypoint with another identity', 'waypoint-config-not-uniform', waypoint, (one) => {
    one.metadata.annotations = { 'gateway.istio.io/service-account': 'other' };
  }),
  change('a waypoint that admits nobody', 'waypoint-attachment-denied', waypoint, (one) => {
    listener(one).allowedRoutes = { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'other' } } } };
  }),
  change('a waypoint of the class of ingress gateways', 'eastwest-class-invalid', waypoint, (one) => {
    one.spec.gatewayClassName = 'istio';
  }),
  remove('no waypoint', 'use-waypoint-unresolved', waypoint),
  change('a Namespace that names no waypoint', 'waypoint-not-uniform', sample, (one) => {
    delete labels(one)[USE];
  }),
  change('a Namespace that names another waypoint', 'waypoint-not-uniform', sample, (one) => {
    labels(one)[USE] = 'wp';
  }),
  change('a Service without a waypoint', 'waypoint-not-uniform', helloworld, (one) => {
    labels(one)[USE] = 'none';
  }),
  change('a Service that names nothing', 'waypoint-not-uniform', helloworld, (one) => {
    labels(one)[USE] = '';
  }),
  change('a Service that names another waypoint', 'waypoint-not-uniform', helloworld, (one) => {
    labels(one)[USE] = 'wp';
  }),
  change('a Namespace that names nothing', 'waypoint-not-uniform', sample, (one) => {
    labels(one)[USE] = '';
  }),
  change('a Namespace that says the namespace of a waypoint alone', 'waypoint-not-uniform', sample, (one) => {
    delete labels(one)[USE];
    labels(one)[`${USE}-namespace`] = 'sample';
  }),
  change('a Namespace that names an east-west gateway', 'waypoint-not-uniform', sample, (one) => {
    labels(one)[USE] = 'istio-eastwestgateway';
    labels(one)[`${USE}-namespace`] = 'istio-system';
  }),
];

const SERVICES: readonly Defect[] = [
  change('a local Service', 'scope-not-uniform', helloworld, (one) => {
    delete labels(one)['istio.io/global'];
  }),
  change('a value that no entry takes', 'scope-label-ineffective', helloworld, (one) => {
    labels(one)['istio.io/global'] = 'True';
  }),
  change('a boolean', 'scope-label-ineffective', helloworld, (one) => {
    labels(one)['istio.io/global'] = true;
  }),
  change('a Service that is global in one cluster', 'scope-not-uniform', named('Service', 'cart'), (one) => {
    labels(one)['istio.io/global'] = 'true';
  }),
  change('another list of scopes', 'scope-config-not-uniform', istiod, (one) => {
    meshConfig(one).serviceScopeConfigs = [{ servicesSelector: { matchLabels: { team: 'global' } }, scope: 'GLOBAL' }];
  }),
  change('a misspelt selector', 'scope-selector-invalid', istiod, (one) => {
    meshConfig(one).serviceScopeConfigs = [
      { serviceSelector: { matchLabels: { 'istio.io/global': 'true' } }, scope: 'GLOBAL' },
    ];
  }),
  change('no list of scopes', 'scope-config-not-uniform', istiod, (one) => {
    meshConfig(one).serviceScopeConfigs = [];
  }),
  change('a list that makes all Services global', 'scope-selector-invalid', istiod, (one) => {
    meshConfig(one).serviceScopeConfigs = [{ scope: 'GLOBAL' }];
  }),
  change('another port', 'global-service-port-mismatch', helloworld, (one) => {
    one.spec.ports[0].port = 5001;
  }),
  change('a headless Service', 'global-service-headless', helloworld, (one) => {
    one.spec.clusterIP = 'None';
  }),
  change('an external name', 'global-service-headless', helloworld, (one) => {
    one.spec = { type: 'ExternalName', externalName: 'helloworld.example.com' };
  }),
  change('traffic that stays on its node', 'internal-traffic-policy-local', helloworld, (one) => {
    one.spec.internalTrafficPolicy = 'Local';
  }),
  remove('no Service', 'global-service-missing-in-cluster', helloworld),
  change('a Namespace outside of the mesh', 'global-service-not-ambient', named('Namespace', 'open'), (one) => {
    delete labels(one)['istio.io/dataplane-mode'];
  }),
  change('Pods outside of the mesh', 'global-service-not-ambient', deployment, (one) => {
    one.spec.template.metadata.labels['istio.io/dataplane-mode'] = 'none';
  }),
  change('a setting that keeps it in its cluster', 'cluster-local-conflict', istiod, (one) => {
    meshConfig(one).serviceSettings = [
      { settings: { clusterLocal: true }, hosts: ['helloworld.sample.svc.cluster.local'] },
    ];
  }),
];

const OTHERS: readonly Defect[] = [
  remove('no policy', 'policy-not-uniform', named('AuthorizationPolicy', 'callers')),
  change('another policy', 'policy-not-uniform', named('AuthorizationPolicy', 'callers'), (one) => {
    one.spec.rules[0].from[0].source.namespaces = ['shop'];
  }),
  change('a policy with a text for a list', 'policy-not-uniform', named('AuthorizationPolicy', 'callers'), (one) => {
    one.spec.rules[0].from[0].source.namespaces = 'sample';
  }),
  remove('no check of tokens', 'policy-not-uniform', named('RequestAuthentication', 'tokens')),
  change('another route', 'policy-not-uniform', named('HTTPRoute', 'helloworld'), (one) => {
    one.spec.rules[0].timeouts = { request: '1s' };
  }),
  remove('no remote secret for one pair', 'remote-secret-missing', secret),
  change('a remote secret that istiod does not see', 'remote-secret-invalid', secret, (one) => {
    labels(one)['istio/multiCluster'] = 'yes';
  }),
  change('a remote secret without its label', 'remote-secret-invalid', secret, (one) => {
    delete labels(one)['istio/multiCluster'];
  }),
  change('a remote secret in another namespace', 'remote-secret-invalid', secret, (one) => {
    one.metadata.namespace = 'default';
  }),
  change('a remote secret for a cluster of another name', 'remote-secret-invalid', secret, (one) => {
    const [key] = Object.keys(one.stringData) as [string];
    one.stringData = { elsewhere: one.stringData[key] };
    one.metadata.annotations['networking.istio.io/cluster'] = 'elsewhere';
  }),
];

export const DEFECTS: readonly Defect[] = [...NETWORKS, ...GATEWAYS, ...WAYPOINTS, ...SERVICES, ...OTHERS];
