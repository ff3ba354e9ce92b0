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
      void vscode.window.showErrorMessage(`${failure}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  });
}
