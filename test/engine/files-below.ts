/** Manifests of an example. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The manifests below a folder, by path. */
export function filesBelow(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => [file.split('\\').join('/'), readFileSync(join(folder, file), 'utf8')]),
  );
}
