// Layout checks: nothing overflows the window, is cut off or overlaps. Text of arbitrary length may end in an ellipsis
// only in the elements listed here.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityViolations } from './accessibility';
import { POPOVER } from './browser';

export const WIDTHS = [320, 380, 760, 1_000];

/** Elements with text of arbitrary length. Their full text is in the title or in the expanded item. */
const TRUNCATABLE = [
  '.truncated',
  '.tag-list__tag',
  '.setting-group__summary',
  '.banner__text',
  '.session-detail__title h2',
].join(', ');

/** Returns the layout problems, one per line. */
export function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate((mayEndInDots) => {
    type Box = { left: number; top: number; right: number; bottom: number };
    const describe = (element: Element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').slice(0, 40)}”`;
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.visually-hidden, .pattern-defs');
    const clips = (element: Element) => getComputedStyle(element).overflowX !== 'visible';
    const both = (one: Box, other: Box): Box => ({
      left: Math.max(one.left, other.left),
      top: Math.max(one.top, other.top),
      right: Math.min(one.right, other.right),
      bottom: Math.min(one.bottom, other.bottom),
    });
    /** Returns the visible part of a box. */
    const seen = (box: Box, from: Element): Box => {
      let left = box;
      for (let around = from.parentElement; around !== null; around = around.parentElement) {
        if (clips(around) && around !== document.body) left = both(left, around.getBoundingClientRect());
      }
      return left;
    };
    /** Returns the width of an empty field's placeholder with the field's padding. */
    const hintOf = (field: HTMLInputElement): number => {
      const [style, pen] = [getComputedStyle(field), document.createElement('canvas').getContext('2d')];
      if (pen === null) return 0;
      pen.font = style.font;
      return pen.measureText(field.placeholder).width + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    };
    const hasArea = (box: Box) => box.right - box.left > 1 && box.bottom - box.top > 1;

    const all = [...document.querySelectorAll('body *')].filter(isShown);
    const out = all.filter((element) => {
      const box = seen(element.getBoundingClientRect(), element);
      return hasArea(box) && (box.right > innerWidth + 1 || box.left < -1);
    });
    const cut = all.filter((element) => {
      if (element instanceof SVGElement) return false;
      // Text typed by the user may be longer than its field.
      if (element.matches('.text-field--wide .input, .edit-form .input')) return false;
      const style = getComputedStyle(element);
      if (element instanceof HTMLInputElement && element.value === '' && hintOf(element) > element.clientWidth) return true;
      const holds = element instanceof HTMLInputElement || style.overflowX === 'hidden' || style.overflowX === 'clip';
      const inDots = style.textOverflow === 'ellipsis' && element.matches(mayEndInDots);
      return holds && !inDots && element.scrollWidth > element.clientWidth + 1;
    });

    const lines: { element: Element; box: Box }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const element = node.parentElement;
      if (element === null || !isShown(element) || (node.textContent ?? '').trim() === '') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        // Letters are smaller than their line boxes.
        const letters = { left: box.left + 1, right: box.right - 1, top: box.top + 3, bottom: box.bottom - 3 };
        const shown = both(seen(letters, element), element.getBoundingClientRect().width > 0 && clips(element) ? element.getBoundingClientRect() : letters);
        if (hasArea(shown)) lines.push({ element, box: shown });
      }
    }
    const upon = lines.flatMap(({ element, box }, at) =>
      lines
        .slice(at + 1)
        .filter((other) => other.element !== element && hasArea(both(box, other.box)))
        .map((other) => `${describe(element)} and ${describe(other.element)}`),
    );
    return [
      ...(document.documentElement.scrollWidth > innerWidth ? ['the document scrolls sideways'] : []),
      ...out.map((element) => `sticks out: ${describe(element)}`),
      ...cut.map((element) => `is cut: ${describe(element)}`),
      ...upon.map((pair) => `lie on one another: ${pair}`),
    ];
  }, TRUNCATABLE);
}

/** Waits for two frames: charts measure their size after a change, and are drawn in the next frame. */
export function waitForLayout(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** Runs at each width, and restores the initial size. */
export async function atWidths(page: Page, run: (width: number) => Promise<void>, widths: readonly number[] = WIDTHS): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: POPOVER.height });
    await waitForLayout(page);
    await run(width);
  }
  await page.setViewportSize(POPOVER);
  await waitForLayout(page);
}

/** Expects no layout problems at any width. */
export function expectFits(page: Page, what: string): Promise<void> {
  return atWidths(page, async (width) => expect(await layoutProblems(page), `${what} at ${width} px`).toEqual([]));
}

/** Expects no layout problems and no accessibility violations at any width. */
export function expectFitsAndAccessible(page: Page, what: string, widths: readonly number[] = WIDTHS): Promise<void> {
  const check = async (width: number) => {
    expect(await layoutProblems(page), `${what} at ${width} px`).toEqual([]);
    expect(await accessibilityViolations(page), `${what} at ${width} px`).toEqual([]);
  };
  return atWidths(page, check, widths);
}

/** Expects no layout problems and no accessibility violations in both themes and in forced colors. */
export async function expectFitsAndAccessibleInAllColors(page: Page, what: string): Promise<void> {
  const check = async (colors: string) => {
    expect(await layoutProblems(page), `${what}, ${colors}`).toEqual([]);
    expect(await accessibilityViolations(page), `${what}, ${colors}`).toEqual([]);
  };
  for (const scheme of ['light', 'dark'] as const) {
    await setColorScheme(page, scheme);
    await check(scheme);
  }
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'light' });
  await waitForLayout(page);
  await check('forced colors');
  await page.emulateMedia({ forcedColors: 'none' });
}

/** Sets the color scheme of the system. */
export async function setColorScheme(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await page.waitForFunction((expected) => document.documentElement.dataset['scheme'] === expected, scheme);
}

/** Returns the test ID or another identifier of the focused element. */
export function focusedControl(page: Page): Promise<string> {
  return page.evaluate(() => {
    const active = document.activeElement;
    return active?.getAttribute('data-testid') ?? active?.getAttribute('data-control') ?? active?.getAttribute('data-value') ?? active?.id ?? '';
  });
}
