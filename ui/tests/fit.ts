// Whether a page fits its window: nothing reaches out of it sideways, at any width the popover can have.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { findings } from './axe';
import { POPOVER } from './browser';

export const WIDTHS = [320, 380, 760];

/** Elements that reach out of the window sideways, by their class. */
export function stickingOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      const shown = box.width > 1 && !element.closest('[hidden], .textures');
      // What an ellipsis cuts on purpose lies in a box that does not stick out itself, and so do columns that scroll.
      return shown && (box.right > innerWidth + 1 || box.left < -1) && !element.closest('bdi, .chart-width');
    });
    const scrolls = document.documentElement.scrollWidth > innerWidth ? ['the document'] : [];
    return [...scrolls, ...wide.map((element) => `${element.tagName} ${element.getAttribute('class') ?? ''}`)];
  });
}

/** At each width nothing sticks out; and nothing is wrong for those who do not see it. */
export async function looksRight(page: Page, what: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: POPOVER.height });
    expect(await stickingOut(page), `${what} at ${width} px`).toEqual([]);
  }
  await page.setViewportSize(POPOVER);
  expect(await findings(page), what).toEqual([]);
}

/** The focused control, by what tests call it. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const active = document.activeElement;
    return active?.getAttribute('data-testid') ?? active?.getAttribute('data-control') ?? active?.getAttribute('data-value') ?? active?.id ?? '';
  });
}
