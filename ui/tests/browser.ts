// Opens pages in the shared browser, and records violations: dialogs, requests to other hosts, violations of the
// policy, and errors. A test fails if there are any.
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

/** The initial size of the popover. */
export const POPOVER = { width: 380, height: 600 };

export interface OpenedPage {
  page: Page;
  /** Descriptions of the violations. */
  violations: string[];
  /** Accepts the violations of this page. */
  allowViolations: () => void;
}

export interface OpenOptions extends BrowserContextOptions {
  scenario?: string;
  /** Milliseconds between snapshots; none by default. */
  beat?: number;
  /** The tab the popover is opened for. */
  tab?: string;
  /** The address of another page to open, instead of the fixture build. */
  url?: string;
  /** A selector of what the page shows once it is ready. */
  ready?: string;
}

/** The content of a page, after it was loaded. */
const CONTENT = '[role=tabpanel]:visible > :not(.loading-note)';

/** Connects to the browser for a test file. Pages are closed after each test, which fails if there were violations. */
export function withBrowser(): (options?: OpenOptions) => Promise<OpenedPage> {
  let browser: Browser;
  const opened: OpenedPage[] = [];
  const allowed = new WeakSet<Page>();
  beforeAll(async () => {
    browser = await chromium.connect(inject('browser'));
  });
  afterEach(async () => {
    const [...pages] = opened.splice(0);
    await Promise.all(pages.map(({ page }) => page.context().close()));
    const violations = pages.filter((each) => !allowed.has(each.page)).flatMap(({ violations }) => violations);
    expect(violations, 'no violations').toEqual([]);
  });
  afterAll(() => browser.close());
  return async (options = {}) => {
    const { page, violations } = await open(browser, options);
    const next = { page, violations, allowViolations: () => void allowed.add(page) };
    opened.push(next);
    return next;
  };
}

async function open(browser: Browser, openOptions: OpenOptions): Promise<Omit<OpenedPage, 'allowViolations'>> {
  const { scenario = 'normal', beat = 0, tab = 'now', url, ready = CONTENT, ...contextOptions } = openOptions;
  const context = await browser.newContext({ viewport: POPOVER, locale: 'en-GB', ...contextOptions });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const violations = await record(page, url === undefined ? inject('url') : new URL('/', url).href);
  await page.goto(url ?? `${inject('url')}?scenario=${scenario}&beat=${beat}&page=${tab}`);
  await page.locator(ready).first().waitFor();
  return { page, violations };
}

/** Records the violations of a page, which may only send requests to its origin. */
async function record(page: Page, origin: string): Promise<string[]> {
  const violations: string[] = [];
  page.on('dialog', (dialog) => {
    violations.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => violations.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') violations.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const ours = [origin, `blob:${origin}`].some((prefix) => request.url().startsWith(prefix)) || request.url() === 'data:,';
    if (!ours) violations.push(`request: ${request.url()}`);
  });
  await page.addInitScript(enforceAppPolicy);
  return violations;
}

/** Freezes the object prototype as the app does, and turns violations of the policy into errors. */
function enforceAppPolicy(): void {
  Object.freeze(Object.prototype);
  document.addEventListener('securitypolicyviolation', (event) => {
    throw new Error(`policy: ${event.violatedDirective}`);
  });
}

/** Returns the calls of the page to its host so far. */
export function hostCalls(page: Page): Promise<string[]> {
  return page.evaluate(() => [...(window.fixture?.calls ?? [])]);
}
