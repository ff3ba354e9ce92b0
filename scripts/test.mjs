// Runs everything that can be checked, cheap things first: `npm test [-- --fast]`; --fast leaves VS Code out.
// The last line is "N passed, N failed": mocha's tests, and one for every other step.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './ensure-installed.mjs';
import { root } from './root.mjs';
import { runCommand } from './step.mjs';

const fast = process.argv.includes('--fast');
const total = { passed: 0, failed: 0 };

const tool = (name, ...args) => runCommand(join(root, 'node_modules/.bin', name), args);
const script = (path, ...args) => runCommand(process.execPath, [join(root, path), ...args]);

/** What mocha's reporter says about `word` ("passing", "failing", "pending"). */
function mochaCount(output, word) {
  return Number(output.match(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'm'))?.[1] ?? 0);
}

/** Prints a step's line, after it everything it printed if it failed, and adds it to the total. */
function tell(name, { ok, output, seconds }, passed, failed) {
  total.passed += passed;
  total.failed += failed;
  const counts = passed + failed > 1 ? `  ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}` : '';
  console.log(`${ok ? '✔' : '✘'} ${name.padEnd(32)} ${seconds.toFixed(1).padStart(6)} s${counts}`);
  // How far the product agrees with golden data, and what was measured, is said by the tests themselves.
  const shown = ok ? output.split('\n').filter((line) => /\bagree \d+ of \d+|\bmeasured \d/.test(line)) : [output];
  for (const line of shown) console.log(line.replace(/^/gm, '    '));
}

/** A step that passes or fails as one. */
async function step(name, running) {
  const result = await running;
  tell(name, result, result.ok ? 1 : 0, result.ok ? 0 : 1);
}

/** A step that runs mocha: every test counts. A step that fails otherwise counts as one failure. */
async function tests(name, running) {
  const result = await running;
  const failed = mochaCount(result.output, 'failing');
  tell(name, result, mochaCount(result.output, 'passing'), result.ok ? 0 : Math.max(failed, 1));
}

/** Packages twice: the same commit gives the same bytes. */
async function packageTwice() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [first, second] = [`${name}-${version}.vsix`, 'dist/again.vsix'];
  const result = await script('scripts/package.mjs', '--out', first);
  if (!result.ok) return result;
  const again = await script('scripts/package.mjs', '--out', second);
  const same = again.ok && readFileSync(join(root, first)).equals(readFileSync(join(root, second)));
  rmSync(join(root, second), { force: true });
  return {
    ok: same,
    output: same ? result.output : `${again.output}\nnot the same bytes again`,
    seconds: result.seconds + again.seconds,
  };
}

/** A registry may not offer the audit: then it is said, and counts as nothing. */
async function audit() {
  const result = await runCommand('npm', ['audit', '--audit-level=high']);
  if (/audit endpoint returned an error|ENOAUDIT|EAUDITNOPJSON|ENOTFOUND|EAI_AGAIN|ECONNREFUSED/.test(result.output)) {
    console.log('- npm audit: this registry does not offer it');
    return;
  }
  await step('npm audit', result);
}

ensureInstalled();
// Mostly network: beside the other steps.
const vscode = fast ? undefined : script('test/vscode/setup.mjs');

await step('types', tool('tsc', '--noEmit', '-p', '.'));
await step('lint', tool('biome', 'ci', '--colors=off', '--formatter-enabled=false', '--error-on-warnings'));
await step('format', tool('biome', 'format', '--colors=off'));
await step('generated files are fresh', script('scripts/generate.mjs', '--check'));
await step('build', script('scripts/build.mjs'));
await tests('tests', script('scripts/unit.mjs'));
await step('package, twice the same', packageTwice());
await tests('package contents', script('scripts/unit.mjs', 'test/package'));
await audit();
if (vscode !== undefined) {
  await step('a VS Code to test in', vscode);
  await tests('suite in VS Code', script('test/vscode/run.mjs'));
  await tests('smoke test of the package', script('test/vscode/smoke.mjs'));
}

console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
