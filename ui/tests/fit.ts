// Whether a page fits its window: nothing reaches out of it, nothing is cut, and no words lie on others.
// What a log may make as long as it likes ends in dots, in the places named here and nowhere else.
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { findings } from './axe';
import { POPOVER } from './browser';

export const WIDTHS = [320, 380, 760];

/** Names, folders and models, which a log may make endless; each says itself whole in its title or where it is opened. */
const MAY_END_IN_DOTS = [
  '.line-name bdi',
  '.line-project',
  '.line-models',
  '.part-name',
  '.part-word',
  '.workflow',
  '.block-models',
  '.tag',
  '.group-line',
].join(', ');

/** What does not fit, a line each. */
export function misfits(page: Page): Promise<string[]> {
  return page.evaluate((mayEndInDots) => {
    type Box = { left: number; top: number; right: number; bottom: number };
    const words = (element: Element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''} “${(element.textContent ?? '').slice(0, 40)}”`;
    const isShown = (element: Element) => element.checkVisibility() && !element.closest('.heard, .textures');
    const clips = (element: Element) => getComputedStyle(element).overflowX !== 'visible';
    const both = (one: Box, other: Box): Box => ({
      left: Math.max(one.left, other.left),
      top: Math.max(one.top, other.top),
      right: Math.min(one.right, other.right),
      bottom: Math.min(one.bottom, other.bottom),
    });
    /** The part of a box that can be seen. */
    const seen = (box: Box, from: Element): Box => {
      let left = box;
      for (let around = from.parentElement; around !== null; around = around.parentElement) {
        if (clips(around) && around !== document.body) left = both(left, around.getBoundingClientRect());
      }
      return left;
    };
    /** How wide what an empty field hints at is, with the field's own space around it. */
    const hintOf = (field: HTMLInputElement): number => {
      const [style, pen] = [getComputedStyle(field), document.createElement('canvas').getContext('2d')];
      if (pen === null) return 0;
      pen.font = style.font;
      return pen.measureText(field.placeholder).width + parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    };
    const isThere = (box: Box) => box.right - box.left > 1 && box.bottom - box.top > 1;

    const all = [...document.querySelectorAll('body *')].filter(isShown);
    const out = all.filter((element) => {
      const box = seen(element.getBoundingClientRect(), element);
      return isThere(box) && (box.right > innerWidth + 1 || box.left < -1);
    });
    const cut = all.filter((element) => {
      if (element instanceof SVGElement) return false;
      // What a person writes is as long as they like, and walked along where it is written.
      if (element.matches('.text-field.wide .input, .edit .input')) return false;
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
        // Letters are less high than their boxes.
        const letters = { left: box.left + 1, right: box.right - 1, top: box.top + 3, bottom: box.bottom - 3 };
        const shown = both(seen(letters, element), element.getBoundingClientRect().width > 0 && clips(element) ? element.getBoundingClientRect() : letters);
        if (isThere(shown)) lines.push({ element, box: shown });
      }
    }
    const upon = lines.flatMap(({ element, box }, at) =>
      lines
        .slice(at + 1)
        .filter((other) => other.element !== element && isThere(both(box, other.box)))
        .map((other) => `${words(element)} and ${words(other.element)}`),
    );
    return [
      ...(document.documentElement.scrollWidth > innerWidth ? ['the document scrolls sideways'] : []),
      ...out.map((element) => `sticks out: ${words(element)}`),
      ...cut.map((element) => `is cut: ${words(element)}`),
      ...upon.map((pair) => `lie on one another: ${pair}`),
    ];
  }, MAY_END_IN_DOTS);
}

/** Charts measure their room when it changes, and are drawn in the frame after. */
export function drawn(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));
}

/** Runs at each width, and leaves the popover as it first opens. */
export async function atWidths(page: Page, run: (width: number) => Promise<void>): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: POPOVER.height });
    await drawn(page);
    await run(width);
  }
  await page.setViewportSize(POPOVER);
  await drawn(page);
}

/** At each width everything fits. */
export function fits(page: Page, what: string): Promise<void> {
  return atWidths(page, async (width) => expect(await misfits(page), `${what} at ${width} px`).toEqual([]));
}

/** At each width everything fits, and nothing is wrong for those who do not see it. */
export function looksRight(page: Page, what: string): Promise<void> {
  return atWidths(page, async (width) => {
    expect(await misfits(page), `${what} at ${width} px`).toEqual([]);
    expect(await findings(page), `${what} at ${width} px`).toEqual([]);
  });
}

/** Light or dark, as the system has it. */
export async function inScheme(page: Page, scheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await page.waitForFunction((wished) => document.documentElement.dataset['scheme'] === wished, scheme);
}

/** The focused control, by what tests call it. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const active = document.activeElement;
    return active?.getAttribute('data-testid') ?? active?.getAttribute('data-control') ?? active?.getAttribute('data-value') ?? active?.id ?? '';
  });
}
