// A small WebDriver client for WebKitWebDriver, with the calls that the tests need.
//
// A session begins in one of two ways: the driver launches the program whose window it controls, or it attaches to a
// popover that the tray item has opened, as for a person. In the second case it does not own the program.

import { createServer } from 'node:net';

import { isPortOpen } from './processes.mjs';
import { waitFor } from './wait.mjs';

const ELEMENT_KEY = 'element-6066-11e4-a52e-4f735466cecf';

const REQUEST_TIMEOUT_MS = 30_000;

/** Makes a Tauri window accept a driver. */
const AUTOMATION_ENV = { TAURI_WEBVIEW_AUTOMATION: 'true' };

export const ENTER = '\uE007';
const CONTROL = '\uE009';

/** The time for which an element must keep its place before it is clicked: a driver clicks where it was. */
const STILL_MS = 100;

/** Returns the place of the first element that matches a selector, and the size of the window; null without one. */
const READ_PLACE_SCRIPT = `
  const place = document.querySelector(arguments[0])?.getBoundingClientRect();
  return place ? JSON.stringify([place, innerWidth, innerHeight]) : null;
`;

/** Launches a program under a driver. Resolves when a web view of the program, or of a child process, is available. */
export async function launchWithDriver(desktop, program, args = [], env = {}) {
  const driver = await startDriver(desktop, [], { ...env, ...AUTOMATION_ENV });
  return openSession(driver, { 'webkitgtk:browserOptions': { binary: program, args } });
}

/** Returns a free port, and the environment with which a program lets `attachDriver` control its popovers there. */
export async function allowDriver() {
  const port = await findFreePort();
  return { port, env: { ...AUTOMATION_ENV, WEBKIT_INSPECTOR_SERVER: `127.0.0.1:${port}` } };
}

/** Attaches to a popover that is open or about to open, in a program started with the environment of `allowDriver`. */
export async function attachDriver(desktop, port) {
  await waitFor('a popover that accepts a driver', () => isPortOpen(port));
  const driver = await startDriver(desktop, [`--target=127.0.0.1:${port}`]);
  return openSession(driver, {});
}

async function startDriver(desktop, args, env = {}) {
  const port = await findFreePort();
  const child = desktop.start('WebKitWebDriver', [`--port=${port}`, ...args], env);
  const address = `http://127.0.0.1:${port}`;
  await waitFor('the driver to be ready', async () => (await sendRequest(address, 'GET', '/status')).ready);
  return { address, child };
}

async function openSession(driver, capabilities) {
  const { sessionId } = await sendRequest(driver.address, 'POST', '/session', { capabilities: { alwaysMatch: capabilities } });
  return new Page(driver, `/session/${sessionId}`);
}

/** A page under the control of a driver. */
class Page {
  #driver;
  #sessionPath;

  constructor(driver, sessionPath) {
    this.#driver = driver;
    this.#sessionPath = sessionPath;
  }

  /** Waits for an element with this test id, and returns the first. */
  async waitForTestId(testId, timeoutMs) {
    return this.waitForSelector(`[data-testid="${testId}"]`, timeoutMs);
  }

  /** Waits for an element that matches a CSS selector, and returns the first. */
  async waitForSelector(selector, timeoutMs) {
    const findFirst = async () => (await this.#findAll(selector))[0];
    return new Element(this, await waitFor(`${selector} in the popover`, findFirst, timeoutMs));
  }

  /**
   * Waits for an element that matches a CSS selector and clicks it once it has kept its place for a moment. Finds it again
   * if it is rendered again meanwhile.
   */
  async click(selector) {
    let [place, since] = ['', 0];
    const isStill = async () => {
      const now = await this.execute(READ_PLACE_SCRIPT, selector);
      if (now !== place) [place, since] = [now, Date.now()];
      return now !== null && Date.now() - since >= STILL_MS;
    };
    await waitFor(`${selector} to be still`, isStill);
    const tryClick = async () => {
      await this.#clickFirst(selector);
      return true;
    };
    await waitFor(`a click on ${selector}`, tryClick);
  }

  /** Clicks an element that ends the program, perhaps before the driver answers. `hasEnded` tells whether it has. */
  async clickToEnd(selector, hasEnded) {
    const tryClick = async () => {
      if (!hasEnded()) await this.#clickFirst(selector);
      return hasEnded();
    };
    await waitFor(`the end after a click on ${selector}`, tryClick);
  }

  /** Returns how many elements have this test id now. */
  async count(testId) {
    return (await this.#findAll(`[data-testid="${testId}"]`)).length;
  }

  /** Returns the text of the first element that matches a CSS selector now, or null if none does. */
  async textOf(selector) {
    return this.execute('return document.querySelector(arguments[0])?.textContent ?? null', selector);
  }

  /** Returns the visible text of the whole page. */
  async text() {
    return this.execute('return document.body.innerText');
  }

  /** Runs a script in the page and returns its result. */
  async execute(script, ...args) {
    return this.request('POST', '/execute/sync', { script, args });
  }

  /** Ends the session. A program launched by the driver ends with it; one that it attached to keeps running. */
  async detach() {
    await this.request('DELETE', '').catch(() => undefined);
    this.#driver.child.kill('SIGKILL');
  }

  async request(method, path, body) {
    return sendRequest(this.#driver.address, method, this.#sessionPath + path, body);
  }

  async #clickFirst(selector) {
    const [id] = await this.#findAll(selector);
    await this.request('POST', `/element/${id}/click`, {});
  }

  async #findAll(selector) {
    const found = await this.request('POST', '/elements', { using: 'css selector', value: selector });
    return found.map((element) => element[ELEMENT_KEY]);
  }
}

class Element {
  #page;
  #id;

  constructor(page, id) {
    this.#page = page;
    this.#id = id;
  }

  async text() {
    return this.#page.request('GET', `/element/${this.#id}/text`);
  }

  async type(text) {
    await this.#page.request('POST', `/element/${this.#id}/value`, { text });
  }

  /** Replaces the text of a field by the keyboard: selects all, then types. */
  async replaceText(text) {
    await this.type(`${CONTROL}a`);
    await this.type(text);
  }
}

async function sendRequest(address, method, path, body) {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(address + path, { method, body: payload, signal });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${value?.error} ${value?.message ?? ''}`.trim());
  return value;
}

/** Returns a port that is free now. The kernel returns another one each time. */
function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
