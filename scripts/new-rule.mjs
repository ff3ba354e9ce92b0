// Starts a rule: `npm run new-rule <id>` writes its source and its fixture, and generates what follows from them.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { runCommand } from './step.mjs';

const id = process.argv[2] ?? '';
if (!/^[a-z]+(?:-[a-z]+)+$/.test(id)) {
  console.error('usage: npm run new-rule <subject>-<problem>, such as waypoint-not-uniform');
  process.exit(2);
}
const name = id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
const source = `/** What is wrong, in a few words. */
import { rule } from './rule.ts';
import { MULTICLUSTER_DOCS } from './shared/wording.ts';

export const ${name} = rule({
  id: '${id}',
  summary: 'What must hold, in one sentence.',
  why: 'What happens at run time otherwise, and which component does it.',
  severity: 'warning',
  group: 'foundations',
  limitation: null,
  reads: ['Service'],
  fix: 'none',
  howToFix: 'What to do.',
  whenToSilence: 'When it is right as it is.',
  docs: MULTICLUSTER_DOCS,
  references: [],
  per: 'service',
  *check(mesh, { namespace, name }) {
    for (const cluster of mesh.owners(namespace, name)) {
      const service = mesh.object(cluster, 'Service', namespace, name);
      if (service === undefined) continue;
      yield {
        message: 'What is wrong. What happens at run time.',
        at: service.name.at,
        clusters: [cluster],
        object: { kind: 'Service', namespace, name },
        related: [],
      };
    }
  },
});
`;
const fixture = `# What is reported

What the example shows: this test is the one on the rule's page.

Include: two-clusters

\`\`\`yaml clusters/east/app.yaml
apiVersion: v1
kind: Service
metadata:
  name: cart  # warning: [${id}] "What is wrong."
  namespace: shop
\`\`\`

# What is right

Include: two-clusters

# What is not known

Include: two-clusters
`;
for (const [file, text] of [
  [`server/src/rules/${id}.ts`, source],
  [`test/rules/${id}.md`, fixture],
]) {
  if (existsSync(join(root, file))) {
    console.error(`${file} exists`);
    process.exit(1);
  }
  writeFileSync(join(root, file), text);
  console.log(`wrote ${file}`);
}
const generated = await runCommand(process.execPath, [join(root, 'scripts/generate.mjs')]);
console.log(generated.output);
process.exit(generated.ok ? 0 : 1);
