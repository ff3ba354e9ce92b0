/** Files that are no YAML, but of which templates or programs make manifests, or that install charts: they are searched for what they may hold. */
import { lastSegment } from './relative-path.ts';

const TEMPLATES: readonly string[] = ['j2', 'jinja', 'jinja2', 'tmpl', 'tftpl', 'gotmpl', 'erb'];
const PROGRAMS: readonly string[] = ['jsonnet', 'libsonnet', 'cue', 'tf'];

const SCRIPTS: readonly string[] = ['sh', 'bash', 'mk', 'ps1'];

/** How the names of such files end, behind the dot. */
export const OTHER_EXTENSIONS: readonly string[] = [...TEMPLATES, ...PROGRAMS, ...SCRIPTS];

/** Scripts whose names have no such end. */
export const SCRIPT_NAMES: readonly string[] = ['Makefile', 'GNUmakefile', 'makefile', 'justfile', 'Justfile'];

/** How such a file makes manifests; undefined for all others. */
export function otherSource(file: string): 'template' | 'other-tool' | undefined {
  const extension = extensionOf(file);
  if (TEMPLATES.includes(extension)) return 'template';
  return PROGRAMS.includes(extension) || isScript(file) ? 'other-tool' : undefined;
}

/** True for a file of commands: it makes no manifests, but may hand settings to Istio's charts or to istioctl. */
export function isScript(file: string): boolean {
  return SCRIPTS.includes(extensionOf(file)) || SCRIPT_NAMES.includes(lastSegment(file));
}

function extensionOf(file: string): string {
  return /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
}
