// A small WebDriver client over fetch for WebKitWebDriver. It knows what our tests need and nothing more.
//
// Two ways in: the driver launches the program whose window it drives; or it attaches to a popover that somebody
// else opened, which is how a popover comes up for a person: the tray item opens it, and the driver owns nothing.

import { createServer } from 'node:net';

import { listens } from './processes.mjs';
import { until } from './waiting.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** A request that waits for a window to appear waits no longer than this. */
const ANSWER_WITHIN_MS = 30_000;

/** Makes a Tauri window accept a driver. */
const ACCEPT_DRIVER = { TAURI_WEBVIEW_AUTOMATION: 'true' };

export const ENTER = '\uE007';
const CONTROL = '\uE009';

/** Launches `binary` under a driver. Resolves once a web view of it, or of a child of it, lets itself be driven. */
export async function launchDriven(desktop, binary, args = [], env = {}) {
  const driver = await startDriver(desktop, [], { ...env, ...ACCEPT_DRIVER });
  return openSession(driver, { 'webkitgtk:browserOptions': { binary, args } });
}

/** What a program must find in its environment so that `attach` can drive its popovers: one free port each time. */
export async function drivable() {
  const port = await freePort();
  return { port, env: { ...ACCEPT_DRIVER, WEBKIT_INSPECTOR_SERVER: `127.0.0.1:${port}` } };
}

/** Drives a popover that is open, or about to be, in a program started with `drivable().env`. */
export async function attach(desktop, port) {
  await until('a popover that can be driven', () => listens(port));
  const driver = await startDriver(desktop, [`--target=127.0.0.1:${port}`]);
  return openSession(driver, {});
}

async function startDriver(desktop, args, env = {}) {
  const port = await freePort();
  const child = desktop.start('WebKitWebDriver', [`--port=${port}`, ...args], env);
  const address = `http://127.0.0.1:${port}`;
  await until('the driver to be ready', async () => (await send(address, 'GET', '/status')).ready);
  return { address, child };
}

async function openSession(driver, capabilities) {
  const answer = await send(driver.address, 'POST', '/session', { capabilities: { alwaysMatch: capabilities } });
  return new Page(driver, `/session/${answer.sessionId}`);
}

/** A web view under the driver's hands. */
class Page {
  #driver;
  #session;

  constructor(driver, session) {
    this.#driver = driver;
    this.#session = session;
  }

  /** Waits for the first part with this test id. */
  async find(testId, within) {
    return this.select(`[data-testid="${testId}"]`, within);
  }

  /** Waits for the first part that a CSS selector matches. */
  async select(selector, within) {
    const look = async () => (await this.#all(selector))[0];
    return new Part(this, await until(`${selector} in the popover`, look, within));
  }

  /** Clicks the first part that a CSS selector matches; a part drawn anew meanwhile is looked up again. */
  async click(selector) {
    const clicked = async () => {
      const [id] = await this.#all(selector);
      await this.ask('POST', `/element/${id}/click`, {});
      return true;
    };
    await until(`a click on ${selector}`, clicked);
  }

  /** How many parts have this test id now. */
  async count(testId) {
    return (await this.#all(`[data-testid="${testId}"]`)).length;
  }

  /** What the first part that a CSS selector matches says now; nothing where none does. Never waits. */
  async peek(selector) {
    return this.run('return document.querySelector(arguments[0])?.textContent ?? null', selector);
  }

  async run(script, ...args) {
    return this.ask('POST', '/execute/sync', { script, args });
  }

  /** Lets go. A program that the driver launched ends with it; one that it attached to stays. */
  async leave() {
    await this.ask('DELETE', '').catch(() => undefined);
    this.#driver.child.kill('SIGKILL');
  }

  async ask(method, path, body) {
    return send(this.#driver.address, method, this.#session + path, body);
  }

  async #all(selector) {
    const found = await this.ask('POST', '/elements', { using: 'css selector', value: selector });
    return found.map((element) => element[ELEMENT]);
  }
}

/** One part of a page. */
class Part {
  #page;
  #id;

  constructor(page, id) {
    this.#page = page;
    this.#id = id;
  }

  async text() {
    return this.#page.ask('GET', `/element/${this.#id}/text`);
  }

  async type(text) {
    await this.#page.ask('POST', `/element/${this.#id}/value`, { text });
  }

  /** Replaces what a field holds, the way a person does: select all, then type. */
  async replace(text) {
    await this.type(`${CONTROL}a`);
    await this.type(text);
  }
}

async function send(address, method, path, body) {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(address + path, { method, body: payload, signal });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${value?.error} ${value?.message ?? ''}`.trim());
  return value;
}

/** A port nobody listens on now; the kernel hands out another one next time. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
