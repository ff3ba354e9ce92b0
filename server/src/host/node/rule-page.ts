/** The pages of the rules, as they are shipped with the program. */
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The page of a rule from `docs/rules` of the package, beside the folder that the program was bundled into; undefined if there is none. */
export async function rulePage(rule: string): Promise<string | undefined> {
  const program = await realpath(process.argv[1] ?? '');
  const path = join(dirname(program), '..', 'docs', 'rules', `${rule}.md`);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  // The comment at the top is for those who edit the file.
  return text?.replace(/^<!--.*?-->\s*/s, '');
}
