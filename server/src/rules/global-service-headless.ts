/** A global Service without a cluster IP: there is no address by which another network could reach it. */
import type { Anchor } from '../base/anchor.ts';
import { knownValue } from '../facts/field.ts';
import type { ServiceObject } from '../facts/objects.ts';
import { type Finding, rule } from './rule.ts';
import { type GlobalSide, globalSides, isExternalName, isHeadless } from './shared/global-sides.ts';
import { onOneNetwork } from './shared/taking-part.ts';
import { FAILOVER_DOCS, listed } from './shared/wording.ts';

export const globalServiceHeadless = rule({
  id: 'global-service-headless',
  summary: 'A global Service needs a cluster IP in every cluster.',
  why: 'Across networks ztunnel reaches a global Service by its cluster IPs: istiod tells it of one workload per remote network, the gateway, which has no address of its own. For a headless Service the DNS of ztunnel therefore answers with Pods of its own network only. Where another cluster gives the Service a cluster IP, istiod merges that in, and ztunnel, which answers with addresses of its own network only, has none to give. istiod tells ztunnel nothing of ExternalName Services.',
  severity: 'warning',
  otherwise: {
    error: 'if the Service has a cluster IP in another cluster',
    hint: 'if it is global only because a list of scopes selects it by something else than its own label',
  },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'none',
  howToFix:
    'Make a Service with a cluster IP global, beside the headless one. `clusterIP` cannot be changed in place: the Service must be deleted and created anew.',
  whenToSilence: 'If clients of other clusters never call the Service.',
  docs: FAILOVER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:622-673, 720-763',
    'pilot/pkg/serviceregistry/ambient/services.go:258-265',
    'ztunnel src/dns/server.rs:435-488',
    'https://github.com/istio/istio/issues/29969',
  ],
  kin: ['IST0170'],
  per: 'service',
  *check(mesh, { namespace, name }) {
    if (!mesh.multicluster) return;
    const sides = globalSides(mesh, namespace, name);
    const external = sides.filter(({ service }) => isExternalName(service));
    const headless = sides.filter(({ service }) => !isExternalName(service) && isHeadless(service));
    const usual = sides.filter(({ service }) => hasClusterIp(service));
    const object = { kind: 'Service', namespace, name };
    const title = `Service ${namespace}/${name}`;
    if (external.length > 0) {
      const mixed = usual.length + headless.length > 0;
      yield {
        ...stand(
          external,
          mixed ? [...usual, ...headless] : [],
          `${title} in ${listed(external.map((side) => side.name))} has type ExternalName, so Istio ignores it and it cannot be global. ${fateOfName(external)}`,
        ),
        check: 'external-name',
        ...(mixed ? { severity: 'error' as const } : {}),
        object,
      };
    }
    // On one network ztunnel is told of the Pods themselves (multicluster.go:325-330).
    if (headless.length === 0 || onOneNetwork(mesh)) return;
    const where = listed(headless.map((side) => side.name));
    const message =
      usual.length === 0
        ? `${title} is global and headless in ${where}. Clients on other networks find no address for it.`
        : `${title} is headless in ${where}, but has a cluster IP in ${listed(usual.map((side) => side.name))}. The DNS of ztunnel in ${where} then knows the name but has no address for it.`;
    yield {
      ...stand(headless, usual, message),
      check: 'headless',
      ...severityOf(headless, usual),
      object,
    };
  },
});

function hasClusterIp(service: ServiceObject): boolean {
  const { type, clusterIP } = service;
  const known = (type === undefined || 'value' in type) && (clusterIP === undefined || 'value' in clusterIP);
  return known && !isExternalName(service) && !isHeadless(service);
}

/** A list of scopes that selects whole namespaces takes headless Services in by the way. */
function severityOf(headless: readonly GlobalSide[], usual: readonly GlobalSide[]): Pick<Finding, 'severity'> {
  if (usual.length > 0) return { severity: 'error' };
  return headless.some(({ byOwnLabel }) => byOwnLabel) ? {} : { severity: 'hint' };
}

function fateOfName(external: readonly GlobalSide[]): string {
  const { name, service } = external[0] as GlobalSide;
  const target = knownValue(service.externalName);
  return `Clients in ${name} are sent to ${target === undefined ? 'the external name' : target}.`;
}

function placeOf({ clusterIP, type, name }: ServiceObject): Anchor {
  return clusterIP?.at ?? type?.at ?? name.at;
}

function stand(wrong: readonly GlobalSide[], others: readonly GlobalSide[], message: string) {
  const [first, ...rest] = wrong as [GlobalSide, ...GlobalSide[]];
  return {
    message,
    at: placeOf(first.service),
    clusters: [...wrong, ...others].map(({ cluster }) => cluster),
    related: [...rest, ...others].map((side) => ({
      at: placeOf(side.service),
      cluster: side.cluster,
      message: others.includes(side) ? `a cluster IP in ${side.name}` : `the same in ${side.name}`,
      ...(others.includes(side) ? {} : { mirror: message }),
    })),
  };
}
