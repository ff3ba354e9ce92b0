/** The words by which texts that are not read say what they may hold. */
import assert from 'node:assert/strict';
import { signsIn, type UnreadText } from '../../server/src/facts/unread-signs.ts';

const CASES: readonly (readonly [what: string, form: UnreadText, file: string, text: string, signs: string])[] = [
  ['nothing', 'template', 'a.yaml', 'kind: ConfigMap\n{{ .Values.x }}', ''],
  ['a class', 'template', 'a.yaml', 'name: gw\ngatewayClassName: "istio-east-west" # ours', 'istio-east-west'],
  ['a class in JSON', 'template', 'a.yaml', '{"name": "gw", "gatewayClassName": "istio-east-west"}', 'istio-east-west'],
  ['another class', 'template', 'a.yaml', 'gatewayClassName: istio\n# istio-east-west', ''],
  [
    'a class that is filled in',
    'template',
    'x/a.yaml',
    'name: $(name)\ngatewayClassName: $(class)',
    'istio-east-west istio-waypoint',
  ],
  [
    'a waypoint with a name',
    'template',
    'x/gw.yaml',
    'name: wp\ngatewayClassName: istio-waypoint',
    'Gateway/gw Gateway/wp Gateway/x',
  ],
  [
    'a waypoint of any name',
    'template',
    'x/gw.yaml',
    'name: {{ .name }}\ngatewayClassName: istio-waypoint',
    'istio-waypoint',
  ],
  ['a Namespace', 'template', 'a.yaml', 'kind: Namespace\ntopology.istio.io/network: {{ .n }}', 'namespace-network'],
  ['the label of something else', 'template', 'a.yaml', 'kind: Gateway\ntopology.istio.io/network: {{ .n }}', ''],
  ['a remote secret', 'template', 'a.yaml', 'kind: Secret\nistio/multiCluster: "true"', 'remote-secret'],
  ['a CA', 'template', 'a.yaml', 'kind: Secret\nname: cacerts', 'cacerts'],
  [
    'settings',
    'template',
    'istiod.yaml',
    'meshID: {{ m }}\nAMBIENT_ENABLE_MULTI_NETWORK: {{ f }}',
    'AMBIENT_ENABLE_MULTI_NETWORK meshID',
  ],
  [
    "settings in a copy of Istio's chart",
    'template',
    'istiod/templates/a.yaml',
    'meshID: {{ .Values.global.meshID }}',
    '',
  ],
  [
    'a Service',
    'template',
    'shop/cart.yaml',
    'kind: Service\nmetadata:\n  name: cart-v1',
    'Service/cart Service/cart-v1 Service/shop',
  ],
  ['a name that goes on', 'template', 'a.yaml', 'kind: Service\nname: cart-{{ .x }}', 'Service/a'],
  ['values', 'values', 'a.yaml', 'gateways: [{class: istio-east-west}]', 'istio-east-west'],
  ['values of something else', 'values', 'a.yaml', 'eastwest: true\nkind: Service\nname: cart', ''],
  ['a deployment by its name', 'deployment', 'a.yaml', 'kind: Application\nname: eastwest', 'istio-east-west'],
];

describe('signs of what is not read', () => {
  for (const [what, form, file, text, signs] of CASES) {
    it(what, () => assert.equal(signsIn(text, file, form).join(' '), signs));
  }

  it('are looked for in linear time', () => {
    // What is quadratic in these lengths takes hours, and meets the limit of the run.
    for (const part of ['name: a', 'gatewayClassName: ', 'kind: ', 'name:  '])
      signsIn(part.repeat(200_000), 'a.yaml', 'template');
  });
});
