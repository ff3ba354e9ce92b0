/** The folder that the tests work in: a copy of the example whose waypoints differ. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export const RULE = 'waypoint-not-uniform';

export function fileUri(file: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, file);
}

export function sampleUri(cluster: string): vscode.Uri {
  return fileUri(`clusters/${cluster}/sample.yaml`);
}

/** Opens a document and shows it. */
export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** Our diagnostics of one document for one rule. */
export function found(uri: vscode.Uri, rule = RULE): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, code }) => source === 'ambient-multicluster' && codeOf(code) === rule);
}

function codeOf(code: vscode.Diagnostic['code']): unknown {
  return typeof code === 'object' ? code.value : code;
}

/** Waits until `condition` gives a value other than undefined or false. */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    assert.ok(Date.now() < end, `never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until a document has a finding of the rule, and gives it. */
export function finding(uri: vscode.Uri): Promise<vscode.Diagnostic> {
  return eventually(`a finding in ${uri.path}`, () => found(uri)[0]);
}

/** Waits until no document has one. */
export async function noFinding(): Promise<void> {
  await eventually('no finding', () =>
    ['east', 'north', 'west'].every((cluster) => found(sampleUri(cluster)).length === 0),
  );
}

export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
