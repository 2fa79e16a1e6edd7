// The list itself: as tall as all its rows, holding only those on screen. One row takes part in the tab order,
// arrow keys move it. It refuses to lose the keyboard's place when the figures reorder the rows beneath it.
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show, untrack, type JSX } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import { text } from '../text';
import type { Listing } from './listing';
import type { Sought } from './seeking';
import { SessionRow, type RowsProps } from './session-row';
import { listHeight, reveal, ROW, rowTop, span, type Opened } from './viewport';

interface ListProps extends RowsProps {
  listing: Listing;
  sought: Sought | null;
  /** It is in sight. */
  found: () => void;
}

interface Place {
  index: number;
  session: SessionStats;
}

export function SessionList(props: ListProps): JSX.Element {
  const [scrolled, setScrolled] = createSignal(0);
  const [height, setHeight] = createSignal(0);
  const [extra, setExtra] = createSignal(0);
  const [current, setCurrent] = createSignal(0);
  let scroller!: HTMLDivElement;
  let awaited: number | null = null;

  const count = () => props.listing.count() ?? 0;
  const openedId = () => props.opened.session();
  const openedAt = createMemo<Opened | null>((before) => {
    const id = openedId();
    if (id === null) return null;
    const index = props.listing.indexOf(id) ?? before?.index ?? null;
    return index === null ? null : { index, extra: extra() };
  }, null);
  const drawn = createMemo(() => span(scrolled(), height(), count(), openedAt()));
  const tabStop = () => Math.min(current(), Math.max(0, count() - 1));

  /** The rows on screen, the open one and the one the keyboard is at. */
  const places = createMemo(() => {
    const rows = new Set([tabStop(), openedAt()?.index ?? 0]);
    for (let index = drawn().first; index < drawn().end; index += 1) rows.add(index);
    const found = [...rows].sort((a, b) => a - b).map((index) => ({ index, session: props.listing.row(index) }));
    return new Map(found.flatMap(({ index, session }) => (session ? [[session.sessionId, { index, session }]] : [])));
  });
  const focus = keepFocus(() => scroller);
  const ids = createMemo(() => {
    const next = [...places().keys()];
    focus.remember();
    return next;
  });

  createEffect(() => props.listing.want(drawn()));
  createEffect(
    on(
      ids,
      () => {
        if (focus.restore() === 'gone') arrive(tabStop());
        if (awaited !== null && document.activeElement === scroller) arrive(awaited);
      },
      { defer: true },
    ),
  );
  createEffect(on(() => props.listing.wish(), () => toTop(), { defer: true }));
  createEffect(() => {
    const sought = props.sought;
    const at = sought && props.listing.indexOf(sought.sessionId);
    if (sought && at !== null && height() > 0) untrack(() => show(at, sought));
  });
  const toTop = () => {
    setCurrent(0);
    scroller.scrollTop = 0;
  };
  onMount(() => {
    const observer = new ResizeObserver(() => setHeight(scroller.clientHeight));
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });

  const show = (index: number, { cameFor, focus }: Sought) => {
    const [top, seen] = [rowTop(index, openedAt()), reveal(index, scroller.scrollTop, scroller.clientHeight, openedAt())];
    scroller.scrollTop = cameFor ? top : seen;
    setScrolled(scroller.scrollTop);
    setCurrent(index);
    if (focus) arrive(index);
    props.found();
  };
  const go = (index: number) => {
    const to = Math.min(Math.max(0, index), count() - 1);
    scroller.scrollTop = reveal(to, scroller.scrollTop, scroller.clientHeight, openedAt());
    setScrolled(scroller.scrollTop);
    setCurrent(to);
    arrive(to);
  };
  /** Where a row is not fetched yet the scroller keeps the keyboard until it is. */
  const arrive = (index: number) => {
    const button = rowButton(scroller, index);
    awaited = button ? null : index;
    (button ?? scroller).focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!steersList(event.target, scroller)) return;
    const to = movedRow(event.key, current(), Math.max(1, Math.floor(height() / ROW) - 1), count());
    if (to === null) return;
    event.preventDefault();
    go(to);
  };
  const onFocusIn = (event: FocusEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-session-id]') : null;
    const place = places().get(row?.dataset['sessionId'] ?? '');
    if (place) setCurrent(place.index);
  };

  return (
    <div
      class="scroller"
      tabindex={-1}
      ref={(element) => (scroller = element)}
      onScroll={() => setScrolled(scroller.scrollTop)}
      onKeyDown={onKeyDown}
      onFocusIn={onFocusIn}
    >
      <ul class="rows" role="list" aria-label={text.sessions.list} style={{ height: `${listHeight(count(), openedAt())}px` }}>
        <For each={ids()}>
          {(id) => {
            // A row outlives its place by an instant when the list shrinks.
            const place = createMemo<Place | undefined>((before) => places().get(id) ?? before);
            return (
              <Show when={place()}>
                {(at) => (
                  <SessionRow
                    session={at().session}
                    index={at().index}
                    count={count()}
                    top={rowTop(at().index, openedAt())}
                    current={at().index === tabStop()}
                    zone={props.zone}
                    now={props.now}
                    host={props.host}
                    opened={props.opened}
                    edits={props.edits}
                    mark={props.mark}
                    grew={setExtra}
                  />
                )}
              </Show>
            );
          }}
        </For>
      </ul>
    </div>
  );
}

/** Arrow keys in a name being typed, or on a pencil, are not for the list. */
function steersList(target: EventTarget | null, scroller: Element): boolean {
  return target === scroller || (target instanceof HTMLElement && target.dataset['control'] === 'open');
}

function rowButton(scroller: Element, index: number): HTMLElement | null {
  return scroller.querySelector<HTMLElement>(`[aria-posinset="${index + 1}"] [data-control="open"]`);
}

/** Where a key leads from a row; null for a key that does not move. */
export function movedRow(key: string, from: number, page: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return from + 1;
    case 'ArrowUp':
      return from - 1;
    case 'PageDown':
      return from + page;
    case 'PageUp':
      return from - page;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** Moving a row in the document takes its focus away; this gives it back to the same control, or says that it is gone. */
function keepFocus(scroller: () => Element): { remember: () => void; restore: () => 'kept' | 'gone' } {
  let held: HTMLElement | null = null;
  return {
    remember: () => {
      const active = document.activeElement;
      held = active instanceof HTMLElement && scroller()?.contains(active) ? active : null;
    },
    restore: () => {
      const before = held;
      held = null;
      if (before === null || document.activeElement !== document.body) return 'kept';
      before.focus({ preventScroll: true });
      return before.isConnected ? 'kept' : 'gone';
    },
  };
}
