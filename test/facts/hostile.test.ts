/** User text never throws: arbitrary structures made of the words that the readers look for. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { factsOf, settingsOf } from './read-facts.ts';

const WORDS = (
  'apiVersion kind metadata name namespace labels spec items data mesh values global pilot env meshConfig serviceScopeConfigs ' +
  'profile components k8s overlays patches path template containers listeners tls parentRefs rules backendRefs servers port trafficPolicy principals source from selector matchExpressions ztunnel istiod cni ' +
  'multiCluster clusterName network sops dependencies __proto__ constructor toString hasOwnProperty'
).split(' ');
const TEXTS = [
  '',
  'v1',
  'List',
  'ServiceList',
  'ambient',
  'true',
  '{{ x }}',
  '$X',
  'istio',
  'discovery',
  '__proto__',
  'ENC[a]',
];
const HEADS = [
  ['v1', 'Service'],
  ['v1', 'ConfigMap'],
  ['v1', 'Secret'],
  ['v1', 'List'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'DaemonSet'],
  ['gateway.networking.k8s.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
  ['networking.istio.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['install.istio.io/v1alpha1', 'IstioOperator'],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  ['sailoperator.io/v1', 'IstioRevisionTag'],
  ['sailoperator.io/v1', 'Istio'],
  ['sailoperator.io/v1', 'ZTunnel'],
  undefined,
] as const;
const FILES = ['a.yaml', 'istiod.yaml', 'ztunnel/values.yaml', 'cni-values.yaml', 'Chart.yaml'];

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(...TEXTS),
    fc.constantFrom(null, true, 0, 12, 15008, -1.5e300),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...WORDS), tie('value')), { maxLength: 5 }).map((pairs) => new Map(pairs)),
  ),
}));

/** JSON, which is YAML, with the maps' keys in order and `__proto__` among them. */
function toText(node: unknown): string {
  if (node instanceof Map)
    return `{${[...node].map(([key, inner]) => `${JSON.stringify(key)}: ${toText(inner)}`).join(', ')}}`;
  return Array.isArray(node) ? `[${node.map(toText).join(', ')}]` : JSON.stringify(node);
}

describe('facts of hostile documents', () => {
  it('never throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HEADS), fc.constantFrom(...FILES), value, value, (head, file, metadata, spec) => {
        const body = `metadata: ${toText(metadata)}\nspec: ${toText(spec)}\ndata: ${toText(spec)}\nitems: ${toText(spec)}\nvalues: ${toText(metadata)}\n`;
        const text =
          head === undefined
            ? `global: ${toText(metadata)}\npilot: ${toText(spec)}\nztunnel: ${toText(spec)}\n`
            : `apiVersion: ${head[0]}\nkind: ${head[1]}\n${body}`;
        const facts = factsOf(text, file);
        assert.ok(Array.isArray(facts.objects));
        settingsOf({ [file]: text });
      }),
      { numRuns: 400 },
    );
  });

  it('of deep nesting are read without recursion into what no field names', () => {
    const deep = `${'['.repeat(60)}${']'.repeat(60)}`;
    assert.equal(
      factsOf(`apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: ${deep}}\n`).objects.length,
      1,
    );
  });
});
