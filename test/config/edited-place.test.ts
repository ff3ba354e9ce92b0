/** Where a cursor stands in a configuration that is being typed. */
import assert from 'node:assert/strict';
import { editedPlace } from '../../server/src/config/edited-place.ts';

/** `|` is the cursor. @returns such as `meshes # clusters # key:na (name)` */
function place(marked: string): string {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { path, part, start, end, siblings } = editedPlace(text, offset);
  const steps = path.map((step) => (typeof step === 'string' ? step : '#'));
  return `${[...steps, `${part}:${text.slice(start, end)}`].join(' ')}${siblings.size === 0 ? '' : ` (${[...siblings].join(' ')})`}`;
}

describe('the place of a cursor in the configuration', () => {
  for (const [text, expected] of [
    ['|', 'key:'],
    ['is|', 'key:is'],
    ['istioVersion: |', 'istioVersion value:'],
    ['istioVersion: 1.|', 'istioVersion value:1.'],
    ['complete: [Serv|ice]', 'complete # key:Service'],
    ['complete: true\nrules:\n  |', 'rules key:'],
    ['rules:\n  shared-network: w|arning\n', 'rules shared-network value:warning'],
    ['rules:\n  a: off\n  |\nignore: []', 'rules key: (a)'],
    ['rules:\n  shared-network: { severity: |', 'rules shared-network severity value:'],
    ['rules:\n  shared-network: { severity: hint, ex| }', 'rules shared-network key:ex (severity)'],
    ['meshes:\n  - id: mesh1\n    |', 'meshes # key: (id)'],
    ['meshes:\n- id: mesh1\n  clusters:\n  - name: east\n    pa|', 'meshes # clusters # key:pa (name)'],
    ['meshes:\n  - id: a\n  - |', 'meshes # key:'],
    ['meshes:\n  - id: a\n  - cl|\n    id: b\n', 'meshes # key:cl (id)'],
    ['exclude:\n  - |', 'exclude # key:'],
    ['exclude: ["a/**", |]', 'exclude # key:'],
    ['ignore:\n  - { rule: wa|, object: x }', 'ignore # rule value:wa'],
    ['boundaries:\n  - { namespaces: [a, b|', 'boundaries # namespaces # key:b'],
    ['rules:\r\n  a: "off"\r\n  b|\r\n', 'rules key:b (a)'],
    ['# a comment |', 'value:'],
    ['istioVersion: "1.30" # no|', 'istioVersion value:'],
    ['"rules":\n  x|', 'rules key:x'],
  ] as const) {
    it(JSON.stringify(text), () => assert.equal(place(text), expected));
  }
});
