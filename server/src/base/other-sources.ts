/** Files that are no YAML, but of which templates or programs make manifests: they are searched for what they may hold. */

const TEMPLATES = /\.(?:j2|jinja2?|tmpl|tftpl|gotmpl|erb)$/i;
const PROGRAMS = /\.(?:jsonnet|libsonnet|cue|tf)$/i;

/** How such a file makes manifests; undefined for all others. */
export function otherSource(file: string): 'template' | 'other-tool' | undefined {
  return TEMPLATES.test(file) ? 'template' : PROGRAMS.test(file) ? 'other-tool' : undefined;
}
