/** A multi-network mesh whose metrics do not tell workloads on other networks. */
import { has } from '../base/istio-version.ts';
import { isKnown } from '../facts/field.ts';
import { type Fix, rule } from './rule.ts';
import { addPilotVariable, pilotVariable } from './shared/pilot-variables.ts';
import { takesPart } from './shared/taking-part.ts';
import { assumedVersion, clusterOf, MULTI_NETWORK_DOCS } from './shared/wording.ts';

const VARIABLE = 'AMBIENT_ENABLE_BAGGAGE';

export const telemetryBaggageMissing = rule({
  id: 'telemetry-baggage-missing',
  summary: 'For metrics of requests between networks, istiod should run with AMBIENT_ENABLE_BAGGAGE.',
  why: 'A waypoint finds out by its address which workload calls, and which one answers. On another network that is the address of an east-west gateway, so its metrics tell neither the source of a request from there nor the destination of one to there. With `AMBIENT_ENABLE_BAGGAGE`, which is alpha and off by default, istiod configures waypoints to exchange both in the header `baggage` of the tunnel; ztunnel does so by default. Since 1.29.1 this is left out for Services whose DestinationRule has TLS or PROXY protocol settings; in 1.29.0 the flag interferes with these.',
  severity: 'hint',
  offByDefault: true,
  group: 'foundations',
  limitation: null,
  since: '1.29',
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'safe',
  howToFix: 'Set `AMBIENT_ENABLE_BAGGAGE: "true"` in the environment of istiod, as the installation guide does.',
  whenToSilence: 'If nobody reads metrics of requests between clusters. The rule is off by default.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/features/ambient.go:68-69',
    'pilot/pkg/networking/core/listener_waypoint.go:834-849',
    'pilot/pkg/networking/core/listener.go:1499-1534',
    'https://github.com/istio/istio/issues/58476',
    'https://github.com/istio/istio/issues/59117',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !takesPart(mesh, id)) return;
    const { multiNetworkFlag: flag } = cluster.install;
    if (!cluster.install.hasIstiod || !isKnown(flag) || !flag.value) return;
    if (pilotVariable(cluster.install, VARIABLE) !== undefined || !has(mesh.version(id), 'baggage-flag')) return;
    yield {
      ofCluster: id,
      message: `istiod in ${cluster.name} does not set ${VARIABLE}, which is off by default${assumedVersion(mesh, id)}. Metrics of waypoints there do not tell workloads on other networks, neither as source nor as destination.`,
      at: flag.at,
      clusters: [id],
      object: undefined,
      related: [],
      fixes: (): readonly Fix[] => {
        const edits = addPilotVariable(cluster.install, VARIABLE, 'true');
        if (edits.length === 0) return [];
        return [
          { title: `Set ${VARIABLE}: "true" in ${cluster.name}`, safe: true, preferred: true, edits: () => edits },
        ];
      },
    };
  },
});
