/** Guards what the editor shows: plain text and Markdown that it does not trust, no page of our own, and no command but ours. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { codeOnly, sourceFiles } from './project-files.ts';

/** What lets Markdown run commands or hold HTML, and what shows a page: with one, its content policy would have to be guarded here. */
const TRUSTING =
  /(?<!vscode\.workspace\.)\b(?:isTrusted|supportHtml|MarkdownString|createWebviewPanel|registerWebview\w+|registerCustomEditorProvider)\b/;

describe('what the editor shows', () => {
  it('is trusted nowhere, and no page', () => {
    const trusting = sourceFiles().filter((file) => TRUSTING.test(codeOnly(file)));
    assert.deepEqual(
      trusting.map(({ path }) => path),
      [],
    );
  });

  it('runs no command by a link', () => {
    const links = sourceFiles().filter(({ text }) => /command:[A-Za-z]/.test(text.replace(/^\s*(?:\*|\/\/).*$/gm, '')));
    assert.deepEqual(
      links.map(({ path }) => path),
      [],
    );
  });

  it('names only commands of ours in the manifest', () => {
    const manifest = readFileSync('package.json', 'utf8');
    const links = [...manifest.matchAll(/\(command:([^)]*)\)/g)].map(([, command = '']) => command);
    const { contributes } = JSON.parse(manifest) as {
      readonly contributes: { readonly commands: readonly { readonly command: string }[] };
    };
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => !contributes.commands.some(({ command }) => command === link)),
      [],
    );
  });
});
