/** Paths of the machine, as the rest of the product writes them. */
import { sep } from 'node:path';

/** `path` with `/` between its parts. */
export function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
