/** Resolves scalars as Go's YAML does, for the consumers of manifests and of Helm's values. */
import type { ScalarNode } from './node.ts';

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);
const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);

/**
 * The value that YAML 1.1 gives a scalar (gopkg.in/yaml.v2 `resolve.go`, which kubectl, Helm and istioctl use): `yes`, `on` and `y` are
 * booleans, `0012` is octal, quoted text is text.
 */
export function resolveYaml11(node: ScalarNode): string | number | boolean | null {
  if (node.tag?.endsWith('str')) return node.text;
  if (node.style !== 'plain') return node.text;
  const { text } = node;
  if (NULLS.has(text)) return null;
  const bool = BOOLEANS.get(text);
  if (bool !== undefined) return bool;
  return resolveNumber(text) ?? text;
}

function resolveNumber(text: string): number | undefined {
  const first = text.charCodeAt(0);
  if (!((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46)) return undefined;
  const plain = text.replaceAll('_', '');
  if (/^[-+]?0[0-7]+$/.test(plain)) return sign(plain) * Number.parseInt(plain.replace(/^[-+]/, ''), 8);
  if (/^[-+]?0o[0-7]+$/.test(plain)) return sign(plain) * Number.parseInt(plain.replace(/^[-+]?0o/, ''), 8);
  if (/^[-+]?0x[0-9a-fA-F]+$/.test(plain)) return sign(plain) * Number.parseInt(plain.replace(/^[-+]?0x/, ''), 16);
  if (/^[-+]?0b[01]+$/.test(plain)) return sign(plain) * Number.parseInt(plain.replace(/^[-+]?0b/, ''), 2);
  if (/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(plain)) return Number(plain);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(plain)) return sign(plain) * Number.POSITIVE_INFINITY;
  return /^\.(?:nan|NaN|NAN)$/.test(plain) ? Number.NaN : undefined;
}

function sign(text: string): number {
  return text.startsWith('-') ? -1 : 1;
}

/** Go's `strconv.ParseBool`; undefined where it gives an error. */
export function goParseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined;
}
