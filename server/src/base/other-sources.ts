/** Files that are no YAML, but of which templates or programs make manifests, or that install charts: they are searched for what they may hold. */
import { lastSegment } from './relative-path.ts';

const TEMPLATES: readonly string[] = ['j2', 'jinja', 'jinja2', 'tmpl', 'tftpl', 'gotmpl', 'erb'];
const PROGRAMS: readonly string[] = ['jsonnet', 'libsonnet', 'cue', 'tf'];
const SCRIPTS: readonly string[] = ['sh', 'bash', 'zsh', 'mk', 'just', 'ps1', 'cmd', 'bat', 'groovy'];
const PAGES: readonly string[] = ['md', 'markdown'];

/** How the names of such files end, behind the dot. */
export const OTHER_EXTENSIONS: readonly string[] = [...TEMPLATES, ...PROGRAMS, ...SCRIPTS, ...PAGES];

/** Scripts whose names have no such end. */
export const SCRIPT_NAMES: readonly string[] = [
  ...['Makefile', 'GNUmakefile', 'makefile', 'justfile', 'Justfile', 'Jenkinsfile', 'Tiltfile', 'Earthfile'],
];

/** How such a file makes manifests, or that it runs commands; undefined for all others. */
export function otherSource(file: string): 'template' | 'other-tool' | 'commands' | undefined {
  const extension = extensionOf(file);
  if (TEMPLATES.includes(extension)) return 'template';
  if (PROGRAMS.includes(extension)) return 'other-tool';
  return SCRIPTS.includes(extension) || SCRIPT_NAMES.includes(lastSegment(file)) || isPage(file)
    ? 'commands'
    : undefined;
}

/** True for Markdown, of which only the commands in blocks of code count. */
export function isPage(file: string): boolean {
  return PAGES.includes(extensionOf(file));
}

function extensionOf(file: string): string {
  return /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
}
