/** Tells, from the text alone and without parsing, what cannot or need not be read. */

/** Larger files are not read, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 5_000_000;

export type TextClass = 'helm-template' | 'template' | 'encrypted' | 'binary' | 'too-large';

/** What keeps a file from being read as manifests; undefined if nothing does. */
export function classifyText(text: string, file: string): TextClass | undefined {
  if (text.length > MAX_TEXT_LENGTH) return 'too-large';
  if (text.includes('\u0000')) return 'binary';
  if (text.includes('{{') && (isHelmfileText(text, file) ? !isFillable(text) : hasTemplateLine(text)))
    return /(?:^|\/)templates\//.test(file) || text.includes('.Values') || text.includes('include "')
      ? 'helm-template'
      : 'template';
  if (text.includes('{%') && /^[ \t]*\{%/m.test(text)) return 'template';
  if (text.includes('#@') && YTT.test(text)) return 'template';
  return isEncrypted(text) ? 'encrypted' : undefined;
}

/** True for what SOPS encrypted. */
export function isEncrypted(text: string): boolean {
  return text.includes('ENC[') && /^sops:/m.test(text) && /^[ \t]+mac:/m.test(text);
}

/** Code of ytt stands in comments (https://carvel.dev/ytt/docs/latest/syntax): where there is none, other tools have such comments too. */
const YTT = /^[ \t]*(?:#@[ \t]*(?:load\(|def |if[ /]|for[ /])|#@(?:data|schema|overlay|library)\/)|[:-] #@ *\w/m;

/** True for a text that is YAML only when a template has been filled in. */
export function isTemplate(text: string, file: string): boolean {
  if (!text.includes('{{') && !text.includes('{%')) return false;
  const found = classifyText(text, file);
  return found === 'template' || found === 'helm-template';
}

/** True for the names under which helmfile finds a file by itself, a template (since v1 it says so) or not. */
export function isHelmfileName(file: string): boolean {
  return /(?:^|\/)(?:helmfile[^/]*\.ya?ml(?:\.gotmpl)?|helmfile\.gotmpl|helmfile\.d\/[^/]+\.ya?ml(?:\.gotmpl)?)$/.test(
    file,
  );
}

/** The same of one with another name, which a helmfile names: it has releases of charts. */
export function isHelmfileText(text: string, file: string): boolean {
  return (
    isHelmfileName(file) ||
    (/\.ya?ml\.gotmpl$/.test(file) && /^releases:/m.test(text) && /^[ \t]{1,20}(?:- )?chart:/m.test(text))
  );
}

/** True if a text is YAML (`parse.ts`) as it is written, because templates stand in it for whole values, or inside of them. */
export function isFillable(text: string): boolean {
  if (!hasTemplateLine(text)) return true;
  return text.split(/\r\n|\r|\n/).every((line) => !line.includes('{{') || isWholeValue(line));
}

/** True if the templates of a line stand in a quoted value, or one of them is the whole value of a key. In linear time. */
function isWholeValue(line: string): boolean {
  const text = line.trimEnd();
  const at = text.search(/[{}"']/);
  const value = text.slice(at);
  const first = value[0];
  if (first === '"' || first === "'") return value.length > 1 && value.endsWith(first);
  const inner = value.slice(2, -2);
  const key = text.slice(0, at);
  return (
    value.startsWith('{{') &&
    value.endsWith('}}') &&
    !/[{}]/.test(inner) &&
    key !== key.trimEnd() &&
    key.trimEnd().endsWith(':')
  );
}

/** What may stand before a `{{` that begins a line, an item or a value. */
const LEAD = /^[ \t]*(?:- +)*(?:[\w./-]+:[ \t]+)?$/;
const BLOCK_SCALAR = /(?:^|[:-][ \t]+)[|>][-+1-9]{0,2}[ \t]*(?:#|$)/;

/**
 * True if a `{{` stands where YAML could not read it as a value: at the start of a line, or unquoted as an item or a value. In a block
 * scalar it is text, as in the injector's ConfigMap of every rendered Istio and in Argo CD's `templatePatch`.
 */
function hasTemplateLine(text: string): boolean {
  let block = Number.POSITIVE_INFINITY;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const indent = line.search(/[^ ]/);
    if (indent < 0 || indent > block) continue;
    block = Number.POSITIVE_INFINITY;
    const at = line.indexOf('{{');
    if (at >= 0) {
      const lead = line.slice(0, at);
      if (LEAD.test(lead) || (line.startsWith('{{-', at) && !/["'`]/.test(lead))) return true;
    }
    if (BLOCK_SCALAR.test(line)) block = /^ *(?:- +)*(?![|>])/.exec(line)?.[0].length ?? indent;
  }
  return false;
}

const KINDS =
  'Namespace|Service|Secret|Deployment|StatefulSet|DaemonSet|ReplicaSet|Pod|Job|CronJob|List|\\w+List|Gateway|GatewayClass|' +
  '(?:HTTP|GRPC|TCP|TLS)Route|Kustomization|Application|ApplicationSet|HelmRelease|(?:Git|Helm|OCI)Repository|HelmChart|ConfigMap|Policy|PolicySet|' +
  'Placement(?:Binding|Rule)?|ManagedCluster(?:SetBinding)?|ManifestWork(?:ReplicaSet)?';
const KEYS = 'base|defaultRevision|global|network|profile|pilot|env|resources|bases|components|dependencies|releases';

/** Words and kinds that matter, and keys at the top of values files. Keys and kinds may be quoted, and a kind may have an anchor or a tag. */
const SIGNS = new RegExp(
  [
    // What is to be ignored is looked at, too.
    'istio|ztunnel|meshConfig|multiCluster|sailoperator|"kind"|ambient-multicluster',
    `\\bkind["']?\\s*:\\s*(?:[&!][\\w./!-]{0,40}\\s{1,40}){0,3}["']?(?:${KINDS})\\b`,
    `^(?:[ \\t{]*["']|\\{[ \\t]*)?(?:${KEYS})["']?[ \\t]*:`,
  ].join('|'),
  'm',
);

/** A values file may say nothing that tells whose it is, and a kustomization may name files only: its name does. */
const NAMES = /(?:ztunnel|istio|cni)[^/]*\.ya?ml$|(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/;

/** False only for text that can hold no fact at all: most files of a repository need no parsing. */
export function mayConcernMesh(text: string, file: string): boolean {
  return SIGNS.test(text) || NAMES.test(file);
}
