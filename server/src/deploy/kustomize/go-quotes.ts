/** Which strings Go's YAML writes in quotes: after a JSON patch everything was written and read anew, and quotes count later. */
import type { Node, ScalarNode } from '../../yaml/node.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { goValue, isUntyped } from './go-scalar.ts';

/** True if a string can stand without quotes (go-yaml `yaml_emitter_analyze_scalar` and `encode.go`). */
function isPlain(text: string): boolean {
  if (text === '' || text.startsWith('---') || text.startsWith('...')) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:-](?:\s|$)/.test(text)) return false;
  if (/: |:$| #|^\s|\s$/.test(text)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what cannot be printed cannot stand without quotes
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u0084\u0086-\u009f\ufeff]/.test(text)) return false;
  const node: ScalarNode = { type: 'scalar', text, style: 'plain', start: 0, end: 0 };
  if (typeof goValue(node) !== 'string' || /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text))
    return false;
  return typeof resolveYaml11(node) !== 'boolean';
}

/** A string on one line as Go writes it as a value of a map, an item of a list, or a key. */
export function goWritten(text: string): string {
  if (isPlain(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what cannot be printed stands in double quotes
  return /[\u0000-\u001f\u007f-\u009f\ufeff]/.test(text) ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}

function rewritten(node: ScalarNode): ScalarNode {
  const value = goValue(node);
  if (typeof value !== 'string') {
    if (!isUntyped(node)) return node.style === 'plain' ? node : { ...node, style: 'plain' };
    const type = typeof value === 'number' ? (Number.isInteger(value) ? 'int' : 'float') : 'bool';
    return { ...node, tag: value === null ? '!!null' : `!!${type}` };
  }
  const style = isPlain(node.text) ? 'plain' : node.text.includes('\n') ? 'literal' : 'double';
  if (style !== 'plain') return node.style === 'plain' ? { ...node, style, tag: '!!str' } : node;
  if (node.style === 'plain') return node;
  return { ...node, style, tag: '!!str' };
}

/** The tree as it is after it was JSON. */
export function asAfterJson(node: Node): Node {
  if (node.type === 'scalar') return rewritten(node);
  if (node.type === 'seq') {
    const items = node.items.map(asAfterJson);
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  const entries = node.entries.map((entry) => {
    const value = asAfterJson(entry.value);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}
