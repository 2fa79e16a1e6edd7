// A click at any point of a control hits it: nothing lies on a control, neither a scrollbar nor another element.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withBrowser } from './browser';
import { setColorScheme, waitForLayout } from './layout-checks';

const open = withBrowser();

const LONG = 120_000;

/** Returns the controls that are missed by a click at one of nine points, after scrolling each into view. */
function missedControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll('button, input, textarea, select, a[href], [role=switch]')].filter((element) =>
      element.checkVisibility({ visibilityProperty: true }),
    );
    const describe = (element: Element | null) => (element === null ? 'nothing' : `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').slice(0, 30)}”`);
    /** Points this far from the edge are inside rounded corners. */
    const INSET = 4;
    return controls.flatMap((control) => {
      control.scrollIntoView({ block: 'center' });
      const box = control.getBoundingClientRect();
      const scrolled = document.querySelector('[role=tabpanel]:not([hidden])')?.getBoundingClientRect();
      const xs = [box.left + INSET, (box.left + box.right) / 2, box.right - INSET];
      const ys = [box.top + INSET, (box.top + box.bottom) / 2, box.bottom - INSET];
      const missed = ys.flatMap((y) => xs.flatMap((x) => {
        // A control higher than the panel is scrolled by its user.
        if (scrolled && box.bottom > scrolled.bottom && y > scrolled.bottom) return [];
        const hit = document.elementFromPoint(x, y);
        // Another control in front may take part of the area, such as the pencil of a row.
        const isOther = hit !== null && hit !== control && controls.includes(hit.closest('button, input, textarea') ?? hit) && !control.contains(hit);
        if (hit !== null && (control === hit || control.contains(hit))) return [];
        if (isOther && control.matches('.session-row__toggle') && hit?.closest('.session-row__edit')) return [];
        return [`${describe(control)} at ${Math.round(x)}, ${Math.round(y)} is covered by ${describe(hit)}`];
      }));
      return missed.slice(0, 1);
    });
  });
}

/** The pages, each with what makes all of its controls visible. */
const places: readonly [name: string, tab: string, scenario: string, prepare: (page: Page) => Promise<void>][] = [
  ['now', 'now', 'normal', () => Promise.resolve()],
  ['now with a problem', 'now', 'problem', () => Promise.resolve()],
  ['the sessions', 'sessions', 'unseen', async (page) => page.getByTestId('session-row').first().waitFor()],
  [
    'the form of a session',
    'sessions',
    'unseen',
    async (page) => {
      await page.locator('[data-control=edit]').first().press('Enter');
      await page.getByTestId('edit-save').waitFor();
    },
  ],
  [
    'a session',
    'sessions',
    'unseen',
    async (page) => {
      await page.locator('[data-control=open]').first().press('Enter');
      await page.getByTestId('timeline').waitFor();
    },
  ],
  ['the blocks', 'blocks', 'normal', async (page) => page.getByTestId('block-row').first().waitFor()],
  ['the history', 'history', 'normal', async (page) => page.getByTestId('heatmap').waitFor()],
  ['the alerts', 'alerts', 'manyAlerts', async (page) => page.getByTestId('alert').first().waitFor()],
  [
    'the settings',
    'settings',
    'unseen',
    async (page) => {
      for (const header of await page.locator('.setting-group__header').all()) await header.press('Enter');
      await page.getByTestId('statusline').waitFor();
    },
  ],
  ['the first steps', 'now', 'empty', async (page) => page.getByTestId('autostart').waitFor()],
];

test.each(places)('%s: a click at nine points of each control hits it', { timeout: LONG }, async (name, tab, scenario, prepare) => {
  const { page } = await open({ tab, scenario });
  await prepare(page);
  for (const width of [320, 380, 1_000]) {
    await page.setViewportSize({ width, height: 600 });
    await waitForLayout(page);
    expect(await missedControls(page), `${name} at ${width} px`).toEqual([]);
  }
});

test('a scrollbar lies beside the content, in both directions of writing', async () => {
  const { page } = await open({ tab: 'settings' });
  await setColorScheme(page, 'light');
  for (const dir of ['ltr', 'rtl']) {
    await page.evaluate((value) => void (document.documentElement.dir = value), dir);
    await waitForLayout(page);
    const room = await page.evaluate(() => {
      const panel = document.querySelector('[role=tabpanel]:not([hidden])');
      const content = panel?.firstElementChild;
      if (!panel || !content) return null;
      const [outer, inner] = [panel.getBoundingClientRect(), content.getBoundingClientRect()];
      return [Math.round(inner.left - outer.left), Math.round(outer.right - inner.right)];
    });
    expect(room, dir).toEqual([12, 12]);
  }
});
