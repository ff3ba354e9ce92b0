/** Looks at the page that a user would see: screenshots and keys, where VS Code runs in the test launcher's browser. */

/** The launcher's door (`test/vscode/page-door.mjs`); unset in a downloaded VS Code. */
const address = process.env.AMBIENT_MULTICLUSTER_PAGE;

/** Whether there is a page to look at. Tests must hold without one: what needs it asks here first. */
export const hasPage = address !== undefined;

/** One request to the launcher; the words are those of `page-door.mjs`. Without a page it does nothing and gives null. */
async function ask(request: string, argument: string): Promise<unknown> {
  if (address === undefined) return null;
  const answer = await fetch(address, { method: 'POST', body: JSON.stringify({ request, argument }) });
  const result = (await answer.json()) as { readonly value?: unknown; readonly error?: string };
  if (result.error !== undefined) throw new Error(`${request} ${argument}: ${result.error}`);
  return result.value;
}

/** Writes `dist/screenshots/<name>.png`. */
export async function screenshot(name: string): Promise<void> {
  await ask('screenshot', name);
}

/** Presses a key, as in `Control+Period`. */
export async function press(key: string): Promise<void> {
  await ask('press', key);
}

/** Types text into what has the focus. */
export async function type(text: string): Promise<void> {
  await ask('type', text);
}

/** Clicks the first element that matches a selector of playwright. */
export async function click(selector: string): Promise<void> {
  await ask('click', selector);
}

/** Moves the mouse over the first element that matches. */
export async function hover(selector: string): Promise<void> {
  await ask('hover', selector);
}

/** Waits up to 15 seconds until an element that matches is visible. */
export async function waitFor(selector: string): Promise<void> {
  await ask('waitFor', selector);
}

/** Waits up to 30 seconds until a text is shown, in a webview too. */
export async function waitForText(text: string): Promise<void> {
  await ask('waitForText', text);
}

/** How many elements match. */
export async function count(selector: string): Promise<number> {
  return Number(await ask('count', selector));
}

/** The visible texts of all elements that match; none without a page. */
export async function texts(selector: string): Promise<readonly string[]> {
  const value = await ask('texts', selector);
  return Array.isArray(value) ? value.map(String) : [];
}

/** The value of a JavaScript expression in the page. */
export async function evaluate(expression: string): Promise<unknown> {
  return ask('evaluate', expression);
}
