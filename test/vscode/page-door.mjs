// A door from the tests, which run in the extension host, to the page that a user would look at: HTTP on the loopback address.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What a test may ask of the page; each takes the request's `argument` and gives a value that JSON can hold. */
const requests = {
  /** Writes `<folder>/<argument>.png`; gives its path. */
  async screenshot(page, name, folder) {
    const path = join(folder, `${name}.png`);
    mkdirSync(dirname(path), { recursive: true });
    await page.screenshot({ path });
    return path;
  },
  /** Presses a key, as in `Control+Period`. */
  press: (page, key) => page.keyboard.press(key),
  /** Types text into what has the focus. */
  type: (page, text) => page.keyboard.type(text),
  /** Clicks the first element that matches a selector of playwright. */
  click: (page, selector) => page.locator(selector).first().click(),
  hover: (page, selector) => page.locator(selector).first().hover(),
  /** Waits up to 15 s until an element that matches is visible. */
  waitFor: (page, selector) => page.locator(selector).first().waitFor({ timeout: 15_000 }),
  /** Waits up to 30 s until some frame of the page shows the text: a webview is a frame in a frame, and draws when it likes. */
  async waitForText(page, text) {
    for (let left = 120; left > 0; left--) {
      for (const frame of page.frames()) {
        const shown = await frame.evaluate(() => document.body?.innerText ?? '').catch(() => '');
        if (shown.includes(text)) return;
      }
      await page.waitForTimeout(250);
    }
    throw new Error('not shown');
  },
  count: (page, selector) => page.locator(selector).count(),
  /** The texts of all elements that match. */
  texts: (page, selector) => page.locator(selector).allInnerTexts(),
  /** Evaluates a JavaScript expression in the page. */
  evaluate: (page, expression) => page.evaluate(expression),
};

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

/**
 * Opens the door: `POST /` with `{ "request": ..., "argument": ... }` answers `{ "value": ... }` or `{ "error": ... }`.
 * @param page gives the page, once there is one
 * @param screenshots the folder for screenshots
 * @returns the door's address and `close()`
 */
export async function openPageDoor(page, screenshots) {
  const server = createServer(async (message, answer) => {
    let result;
    try {
      const { request, argument } = await body(message);
      if (!Object.hasOwn(requests, request)) throw new Error(`unknown request ${request}`);
      result = { value: (await requests[request](page(), argument, screenshots)) ?? null };
    } catch (error) {
      result = { error: stripVTControlCharacters(String(error.message ?? error)) };
    }
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
