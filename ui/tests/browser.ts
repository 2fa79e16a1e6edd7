// A page in the browser that all test files share, with a record of everything that must not happen:
// dialogs, requests to elsewhere, refusals of the policy, errors. After each test the record has to be empty.
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';

/** The popover's first size. */
export const POPOVER = { width: 380, height: 600 };

export interface Opened {
  page: Page;
  /** What must not happen, in words; empty while all is well. */
  mishaps: string[];
  /** Something is made to go wrong here, to see that it is noticed. */
  forgive: () => void;
}

export interface Wish extends BrowserContextOptions {
  scenario?: string;
  /** Milliseconds between snapshots; still unless told. */
  beat?: number;
  /** The page the popover is opened for. */
  at?: string;
}

/** Declares the browser of a test file; pages are opened in it, and closed after each test, in which nothing may have gone wrong. */
export function withBrowser(): (wish?: Wish) => Promise<Opened> {
  let browser: Browser;
  const opened: Opened[] = [];
  const forgiven = new WeakSet<Page>();
  beforeAll(async () => {
    browser = await chromium.connect(inject('browser'));
  });
  afterEach(async () => {
    const [...pages] = opened.splice(0);
    await Promise.all(pages.map(({ page }) => page.context().close()));
    const wrong = pages.filter((each) => !forgiven.has(each.page)).flatMap(({ mishaps }) => mishaps);
    expect(wrong, 'nothing went wrong').toEqual([]);
  });
  afterAll(() => browser.close());
  return async (wish = {}) => {
    const { page, mishaps } = await open(browser, wish);
    const next = { page, mishaps, forgive: () => void forgiven.add(page) };
    opened.push(next);
    return next;
  };
}

async function open(browser: Browser, wish: Wish): Promise<Omit<Opened, 'forgive'>> {
  const { scenario = 'normal', beat = 0, at = 'now', ...options } = wish;
  const context = await browser.newContext({ viewport: POPOVER, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const mishaps = await record(page);
  await page.goto(`${inject('url')}?scenario=${scenario}&beat=${beat}&page=${at}`);
  await page.locator('[role=tabpanel]:visible > :not(.face-note)').first().waitFor();
  return { page, mishaps };
}

async function record(page: Page): Promise<string[]> {
  const mishaps: string[] = [];
  page.on('dialog', (dialog) => {
    mishaps.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => mishaps.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') mishaps.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const ours = request.url().startsWith(inject('url')) || request.url() === 'data:,';
    if (!ours) mishaps.push(`request: ${request.url()}`);
  });
  await page.addInitScript(beAsStrictAsTheApp);
  return mishaps;
}

/** The app freezes the prototype of all objects, and what its policy refuses must not even be tried. */
function beAsStrictAsTheApp(): void {
  Object.freeze(Object.prototype);
  document.addEventListener('securitypolicyviolation', (event) => {
    throw new Error(`policy: ${event.violatedDirective}`);
  });
}

/** The calls the page made to its host so far. */
export function hostCalls(page: Page): Promise<string[]> {
  return page.evaluate(() => [...(window.fixture?.calls ?? [])]);
}
