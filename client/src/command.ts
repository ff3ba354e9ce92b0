/** Registers commands of the palette; one that fails says so, in one sentence. */
import * as vscode from 'vscode';

/** @param failure what the user is told, such as `The report could not be made` */
export function registerCommand<A extends unknown[]>(
  name: string,
  failure: string,
  run: (...args: A) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(name, async (...args: A) => {
    try {
      return await run(...args);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // VS Code makes links of Markdown's in messages, also such that run commands.
      void vscode.window.showErrorMessage(`${failure}: ${reason.replaceAll('](', '] (')}`);
      return undefined;
    }
  });
}
