// The project's folder, for scripts that are started from anywhere.
import { fileURLToPath } from 'node:url';

/** Absolute path of the folder that holds package.json, without a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
