/** Paths as the services that show findings beside a project's files want them: relative to the project, with `/`. */

/** Gives the path in the project of a file that is named from the root of the world. */
export type ProjectPath = (file: string) => string;

/** @param prefix the root of the world as the project sees it: '' or such as `deploy/mesh/` */
export function projectPath(prefix: string): ProjectPath {
  // What comes from standard input is in no folder.
  return (file) => (prefix === '' || file.startsWith('<') ? file : join(prefix, file));
}

/** A file above the root (the configuration file may be) is named without detours. */
function join(prefix: string, file: string): string {
  const steps: string[] = [];
  for (const step of `${prefix}${file}`.split('/')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else steps.push(step);
  }
  return steps.join('/');
}
