// A peer: reads every YAML file below a folder with js-yaml.
import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';

for (const file of readdirSync(process.argv[2], { recursive: true })) {
  if (!/\.ya?ml$/.test(file)) continue;
  try {
    loadAll(readFileSync(`${process.argv[2]}/${file}`, 'utf8'));
  } catch {
    // Templates are no YAML.
  }
}
