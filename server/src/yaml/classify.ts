/** Tells, from the text alone and without parsing, what cannot or need not be read. */

/** Larger files are not read, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 5_000_000;

export type TextClass = 'helm-template' | 'template' | 'encrypted' | 'binary' | 'too-large';

/** What keeps a file from being read as manifests; undefined if nothing does. */
export function classifyText(text: string, file: string): TextClass | undefined {
  if (text.length > MAX_TEXT_LENGTH) return 'too-large';
  if (text.includes('\u0000')) return 'binary';
  if (text.includes('{{') && hasTemplateLine(text))
    return /(?:^|\/)templates\//.test(file) || text.includes('.Values') || text.includes('include "')
      ? 'helm-template'
      : 'template';
  if (text.includes('{%') && /^\s*\{%/m.test(text)) return 'template';
  if (text.includes('ENC[') && /^sops:/m.test(text) && /^\s+mac:/m.test(text)) return 'encrypted';
  return undefined;
}

/** A `{{` that YAML could not read as a value: at the start of a line, or unquoted as a value or a key. */
function hasTemplateLine(text: string): boolean {
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at + 2)) {
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    if (/^\s*$/.test(line) || /^\s*(?:- )?[\w./-]+:\s+$/.test(line) || text.charCodeAt(at + 2) === 45) return true;
  }
  return false;
}

const SIGNS =
  /istio|ztunnel|\bkind:\s*["']?(?:Namespace|Service|Secret|Deployment|StatefulSet|DaemonSet|ReplicaSet|Pod|Job|CronJob|List|\w+List|Gateway|GatewayClass|Kustomization|Application|ApplicationSet|HelmRelease|Policy)\b|meshConfig|multiCluster|sailoperator|"kind"|^(?:global|network|profile|pilot|env|resources|bases|components|dependencies|releases):/m;

/** A values file may say nothing that tells whose it is: its name does. */
const NAMES = /(?:ztunnel|istio|cni)[^/]*\.ya?ml$/;

/** False only for text that can hold no fact at all: most files of a repository need no parsing. */
export function mayConcernMesh(text: string, file: string): boolean {
  return SIGNS.test(text) || NAMES.test(file);
}
