/** Files that are no YAML, but of which templates or programs make manifests: they are searched for what they may hold. */

const TEMPLATES: readonly string[] = ['j2', 'jinja', 'jinja2', 'tmpl', 'tftpl', 'gotmpl', 'erb'];
const PROGRAMS: readonly string[] = ['jsonnet', 'libsonnet', 'cue', 'tf'];

/** How the names of such files end, behind the dot. */
export const OTHER_EXTENSIONS: readonly string[] = [...TEMPLATES, ...PROGRAMS];

/** How such a file makes manifests; undefined for all others. */
export function otherSource(file: string): 'template' | 'other-tool' | undefined {
  const extension = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  return TEMPLATES.includes(extension) ? 'template' : PROGRAMS.includes(extension) ? 'other-tool' : undefined;
}
