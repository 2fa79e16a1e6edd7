// The window around the page: its edges, its height, and the moment at which it becomes visible. The host shows the window
// once the first content is painted in its final size; until then the root element has the attribute `data-opening`.
import { createEffect, onCleanup } from 'solid-js';
import type { FrameStyle, Host } from '../host/host';
import { SECOND } from './time';
import { onVisible } from './visibility';

/** Time after which a page without figures is shown, in milliseconds. */
const LOADING_GRACE = SECOND;

/** The longest wait for a window that changes its size, in milliseconds. */
const RESIZE_TIMEOUT = 300;

/** The longest wait for what changes the height of the first content, in milliseconds. */
const CONTENT_TIMEOUT = 500;

/** The most changes of the height before the window is shown. */
const MAX_OPENING_ROUNDS = 3;

/** Time after another page was chosen at which its height is final, in milliseconds. */
const SETTLE_TIME = 300;

/** The least height of a page that scrolls a list of its own, in pixels. */
const LIST_HEIGHT = 600;

/** Pages that scroll a list of their own, and fill any height. */
const LIST_PAGES = '.sessions, .blocks';

/** Marks the document as not painted, with the edges of its window. Called before the first content is created. */
export function beginOpening(style: FrameStyle): void {
  document.documentElement.dataset['opening'] = '';
  setFrameStyle(style);
}

function setFrameStyle(style: FrameStyle): void {
  document.documentElement.dataset['frameStyle'] = style;
}

/**
 * Shows the window when the content is ready, and keeps its height equal to that of the page. The height shrinks only when
 * another page is chosen, so that nothing moves away from the pointer.
 */
export function createWindowFrame(host: Host, app: () => HTMLElement | undefined, isReady: () => boolean, page: () => string): void {
  let isOpen = false;
  let lastHeight = 0;
  let settleTimer: ReturnType<typeof setTimeout> | undefined;

  const fit = async (canShrink: boolean) => {
    const element = app();
    const height = element && measurePage(element);
    if (!height || (canShrink ? height === lastHeight : height <= lastHeight)) return;
    lastHeight = height;
    const granted = await host.fitHeight(height).catch(() => null);
    if (granted !== null) await heightReached(granted);
  };
  const report = () => requestAnimationFrame(() => requestAnimationFrame(() => void host.painted().catch(() => undefined)));
  const open = async () => {
    if (isOpen) return;
    isOpen = true;
    // The page offers the status line if it is not installed.
    const isKnown = (host.start?.isStatuslineOn ?? null) !== null;
    const offer = host.features.has('statusline') && !isKnown ? host.statusline() : null;
    await withinTimeout(Promise.allSettled([fontsLoaded(), offer]));
    // A higher window may show more parts.
    for (let round = 0, before = -1; round < MAX_OPENING_ROUNDS && lastHeight !== before; round += 1) {
      before = lastHeight;
      await fit(true);
    }
    delete document.documentElement.dataset['opening'];
    report();
  };

  const graceTimer = setTimeout(() => void open(), LOADING_GRACE);
  // The content exists after all effects of the same change.
  createEffect(() => isReady() && queueMicrotask(() => void open()));

  const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => void (isOpen && fit(false)));
  createEffect(() => {
    page();
    isReady();
    queueMicrotask(() => {
      observer?.disconnect();
      for (const part of app()?.querySelectorAll(PARTS) ?? []) observer?.observe(part);
    });
    clearTimeout(settleTimer);
    settleTimer = setTimeout(() => void (isOpen && fit(true)), SETTLE_TIME);
  });
  onVisible(() => {
    void fit(true);
    if (isOpen) report();
  });
  const subscription = host.onFrameStyle(setFrameStyle);
  onCleanup(() => {
    clearTimeout(graceTimer);
    clearTimeout(settleTimer);
    observer?.disconnect();
    void subscription.then((unsubscribe) => unsubscribe()).catch(() => undefined);
  });
}

/** The parts whose heights add up to that of the page. */
const PARTS = '.app__main > *, .app__panel:not([hidden]) > *';

/** Returns the height at which the page needs no scrolling, in whole pixels; null if there is no page. */
function measurePage(app: HTMLElement): number | null {
  const panel = app.querySelector<HTMLElement>('.app__panel:not([hidden])');
  const content = panel?.firstElementChild;
  if (!panel || !content) return null;
  if (content.matches(LIST_PAGES)) return Math.max(LIST_HEIGHT, app.offsetHeight);
  const frame = app.offsetHeight - panel.clientHeight;
  const { marginBottom } = getComputedStyle(content);
  const { paddingBottom } = getComputedStyle(panel);
  const end = content.getBoundingClientRect().bottom - panel.getBoundingClientRect().top + panel.scrollTop;
  return Math.ceil(frame + end + (parseFloat(marginBottom) || 0) + (parseFloat(paddingBottom) || 0));
}

/** Waits until the fonts of the content are loaded, because they change its height. */
async function fontsLoaded(): Promise<void> {
  const { fonts } = document as { fonts?: FontFaceSet };
  await fonts?.ready;
}

/** Waits for a promise, at most for `CONTENT_TIMEOUT`. */
function withinTimeout(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, CONTENT_TIMEOUT))]);
}

/** Waits until the document has a height, which the window manager may delay or refuse. */
function heightReached(height: number): Promise<void> {
  const isReached = () => Math.abs(innerHeight - height) <= 1;
  if (isReached()) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener('resize', check);
      resolve();
    };
    const check = () => isReached() && finish();
    const timer = setTimeout(finish, RESIZE_TIMEOUT);
    addEventListener('resize', check);
  });
}
