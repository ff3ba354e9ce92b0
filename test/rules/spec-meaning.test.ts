/** Specs that mean the same are equal, whatever is left out of them; specs that do not are told apart, field by field. */
import assert from 'node:assert/strict';
import { extractFacts } from '../../server/src/facts/extract.ts';
import { BOUND_KINDS, type BoundObject } from '../../server/src/rules/shared/policy-targets.ts';
import { differingFields, differingPaths, shownPath, specMeaning } from '../../server/src/rules/shared/spec-meaning.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';

function read(kind: string, group: string, spec: string): BoundObject {
  const text = `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: {name: x, namespace: shop}\nspec: ${spec}\n`;
  const documents = new DocumentTable();
  const [document] = documents.update('x.yaml', text).documents;
  const root = document && documents.parsed(document.id)?.root;
  const object = root && extractFacts(document.id, root, 'x.yaml').objects[0];
  assert.ok(object !== undefined && (BOUND_KINDS as readonly string[]).includes(object.kind), text);
  return object as BoundObject;
}

function differing(kind: string, group: string, one: string, other: string): readonly string[] {
  const [a, b] = [one, other].map((spec) => specMeaning(read(kind, group, spec), 'shop'));
  assert.ok(a !== undefined && b !== undefined);
  return differingFields(a, b);
}

const SECURITY = 'security.istio.io';
const GATEWAY_API = 'gateway.networking.k8s.io';
const NETWORKING = 'networking.istio.io';

describe('the meaning of a spec', () => {
  const same: readonly (readonly [string, string, string, string, string])[] = [
    ['a default action', 'AuthorizationPolicy', SECURITY, '{}', '{action: ALLOW, rules: []}'],
    [
      'the order of what is allowed',
      'AuthorizationPolicy',
      SECURITY,
      '{rules: [{to: [{operation: {methods: [GET, PUT]}}]}, {}]}',
      '{rules: [{}, {to: [{operation: {methods: [PUT, GET]}}]}]}',
    ],
    [
      'durations in other units',
      'HTTPRoute',
      GATEWAY_API,
      '{rules: [{timeouts: {request: 90s, backendRequest: 1s}}]}',
      '{rules: [{timeouts: {request: 1m30s, backendRequest: 1000ms}}]}',
    ],
    [
      'targetRef and targetRefs',
      'Telemetry',
      'telemetry.istio.io',
      '{targetRef: {kind: Service, group: "", name: x}}',
      '{targetRefs: [{name: x, kind: Service, group: ""}]}',
    ],
    [
      'defaults of a route',
      'HTTPRoute',
      GATEWAY_API,
      '{parentRefs: [{name: x}], rules: [{backendRefs: [{name: x, port: 80}]}]}',
      '{parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: x, namespace: shop}], rules: [{matches: [{path: {type: PathPrefix, value: /}}], backendRefs: [{group: "", kind: Service, name: x, port: 80, weight: 1}]}]}',
    ],
    [
      'short hosts',
      'VirtualService',
      NETWORKING,
      '{hosts: [x], http: [{route: [{destination: {host: x}}]}]}',
      '{hosts: [x.shop.svc.cluster.local], gateways: [mesh], exportTo: ["*"], http: [{route: [{destination: {host: x.shop.svc.cluster.local}}]}]}',
    ],
    ['nothing', 'DestinationRule', NETWORKING, '{host: x, trafficPolicy: null}', '{host: x, subsets: []}'],
  ];
  for (const [title, kind, group, one, other] of same) {
    it(`is the same for ${title}`, () => assert.deepEqual(differing(kind, group, one, other), []));
  }

  const different: readonly (readonly [string, string, string, string, string, readonly string[]])[] = [
    ['a rule that allows all', 'AuthorizationPolicy', SECURITY, '{}', '{rules: [{}]}', ['rules']],
    ['the action', 'AuthorizationPolicy', SECURITY, '{rules: [{}]}', '{action: DENY, rules: [{}]}', ['action']],
    [
      'the order of routes',
      'VirtualService',
      NETWORKING,
      '{hosts: [x], http: [{name: a}, {name: b}]}',
      '{hosts: [x], http: [{name: b}, {name: a}]}',
      ['http'],
    ],
    [
      'a weight',
      'HTTPRoute',
      GATEWAY_API,
      '{rules: [{backendRefs: [{name: x}]}]}',
      '{rules: [{backendRefs: [{name: x, weight: 0}]}]}',
      ['rules'],
    ],
    [
      'names of JavaScript',
      'DestinationRule',
      NETWORKING,
      '{host: x}',
      '{host: x, __proto__: {a: 1}, constructor: b}',
      ['__proto__', 'constructor'],
    ],
    ['a list in place of a map', 'DestinationRule', NETWORKING, '{host: x}', '[x]', ['host']],
  ];
  for (const [title, kind, group, one, other, fields] of different) {
    it(`tells apart ${title}`, () => assert.deepEqual(differing(kind, group, one, other), fields));
  }

  const rule = (settings: string) => `{host: x, trafficPolicy: {loadBalancer: {localityLbSetting: ${settings}}}}`;
  const below = (one: string, other: string) => {
    const own = { labels: new Map([['topology.istio.io/cluster', 'east']]), localities: new Set(['shared']) };
    const west = { ...own, labels: new Map([['topology.istio.io/cluster', 'west']]) };
    const meanings = [
      specMeaning(read('DestinationRule', NETWORKING, rule(one)), 'shop', own),
      specMeaning(read('DestinationRule', NETWORKING, rule(other)), 'shop', west),
    ] as const;
    return differingPaths(...meanings).map(shownPath);
  };
  const SETTING = '.trafficPolicy.loadBalancer.localityLbSetting';

  it('leaves out what each cluster has of its own', () => {
    assert.deepEqual(below('{failover: [{from: a, to: b}]}', '{failover: [{from: b, to: a}]}'), []);
    assert.deepEqual(
      below('{distribute: [{from: a/*, to: {b/*: 100}}]}', '{distribute: [{from: b/*, to: {a/*: 100}}]}'),
      [],
    );
    assert.deepEqual(
      below(
        '{failoverPriority: [topology.istio.io/cluster=east]}',
        '{failoverPriority: [topology.istio.io/cluster=west]}',
      ),
      [],
    );
  });

  it('names the whole path of a difference', () => {
    assert.deepEqual(below('{failover: [{from: shared, to: b}]}', '{failover: [{from: shared, to: c}]}'), [
      `${SETTING}.failover`,
    ]);
    assert.deepEqual(below('{failover: [{from: a, to: b}]}', '{enabled: true}'), [
      `${SETTING}.enabled`,
      `${SETTING}.failover`,
    ]);
    assert.deepEqual(
      below(
        '{failoverPriority: [topology.istio.io/cluster=east]}',
        '{failoverPriority: [topology.istio.io/cluster=east]}',
      ),
      [`${SETTING}.failoverPriority`],
    );
  });
});
