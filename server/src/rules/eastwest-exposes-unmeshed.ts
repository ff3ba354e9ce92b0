/** Limitation 6: an ambient east-west gateway that is to expose what is not in the mesh, such as istiod. */
import { controllerOf } from '../mesh/gateway-classes.ts';
import { rule } from './rule.ts';
import { judgeRoute } from './shared/eastwest-routes.ts';
import { judgeSelection } from './shared/eastwest-selection.ts';
import { takesPart } from './shared/taking-part.ts';
import { MULTICLUSTER_DOCS } from './shared/wording.ts';

export const eastwestExposesUnmeshed = rule({
  id: 'eastwest-exposes-unmeshed',
  summary: 'An ambient east-west gateway must not be given routes for what is not in the mesh.',
  why: 'An ambient east-west gateway takes the tunnels of the mesh (HBONE) on port 15008. Until Istio 1.29 it does nothing else: istiod makes no configuration of routes that are attached to it, nor of a Gateway of `networking.istio.io` that selects its Pods, so neither istiod nor an API server nor a Service outside of the mesh can be reached through it. Since 1.30 it can also pass TLS through, with a listener of protocol TLS and mode Passthrough on a port of its own, and a TLSRoute. Beside the status port the Service of the gateway has the ports of its listeners and no others.',
  severity: 'error',
  otherwise: { hint: 'if labels are selected that a classic gateway out of sight may have too' },
  group: 'gateway',
  limitation: 6,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Route', 'IstioGateway', 'Service', 'Namespace', 'Install', 'Workload'],
  fix: 'none',
  howToFix:
    'Use a second, classic gateway for istiod and for what is not in the mesh: a Gateway of class `istio`, or what `samples/multicluster/gen-eastwest-gateway.sh` makes without `--ambient`. On class `istio` listeners of protocol TLS need `PILOT_ENABLE_ALPHA_GATEWAY_API` until 1.29, those of protocol TCP until 1.30. From Istio 1.30 on a listener of protocol TLS with mode Passthrough and a TLSRoute on the ambient gateway do as well. istiod then reads TLSRoutes as `gateway.networking.k8s.io/v1`, and only with the CRDs of Gateway API 1.5 or later; until 1.29 it reads `v1alpha2`, and only with that variable.',
  whenToSilence: 'If something outside of the workspace gives the gateway a configuration of its own.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/config/kube/gateway/gateway_collection.go:360-368 (1.29.6: 302-306)',
    'pilot/pkg/config/kube/gatewaycommon/conversion.go:224-253',
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:905-945',
    'pilot/pkg/xds/ads.go:444-447 (1.29.6: 438-441)',
    'pkg/config/schema/gatewayapi/minimumversions.go:24-33 (1.30.0: pkg/kube/kclient/crdwatcher.go:79)',
    'pilot/pkg/config/kube/gateway/controller.go:206 (1.29.6: 209-217)',
    'https://github.com/istio/istio/pull/59223',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    const gateway = mesh.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined || !mesh.multicluster || !takesPart(mesh, cluster)) return;
    if (controllerOf(mesh, cluster, gateway, mesh.version(cluster)) !== 'east-west') return;
    for (const route of mesh.objects(cluster, 'Route')) yield* judgeRoute(mesh, cluster, gateway, route);
    for (const classic of mesh.objects(cluster, 'IstioGateway')) {
      yield* judgeSelection(mesh, cluster, gateway, classic);
    }
  },
});
