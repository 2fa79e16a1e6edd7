// The virtual list of sessions. Roving tabindex: one row takes part in the tab order, arrow keys move it. The focus is
// kept when new figures reorder the rows.
import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, onMount, Show, untrack } from 'solid-js';
import type { SessionStats } from '../../bindings/SessionStats';
import { text } from '../../strings';
import type { ScrollTarget } from './scroll-to-session';
import { SessionRow } from './session-row';
import { useSessions } from './sessions-context';
import { useClock, useSnapshot } from '../../lib/contexts';
import { formatIsoDay } from '../../lib/time';
import { GroupHeadings } from './group-headings';
import { type GroupHeading, groupHeadings } from './session-groups';
import { UnlistedSessions } from './unlisted-sessions';
import { type ExpandedRow, listHeight, type ListLayout, ROW_HEIGHT, rowTop, scrollToReveal, visibleRows } from './virtual-list';

interface ListProps {
  target: ScrollTarget | null;
  /** Called once the target is in view. */
  onTargetShown: () => void;
}

interface RowPosition {
  index: number;
  session: SessionStats;
}

export function SessionList(props: ListProps): JSX.Element {
  const { list, expanded } = useSessions();
  const snapshot = useSnapshot();
  const { zone } = useClock();
  const [scrollTop, setScrollTop] = createSignal(0);
  const [height, setHeight] = createSignal(0);
  const [panelHeight, setPanelHeight] = createSignal(0);
  const [currentIndex, setCurrentIndex] = createSignal(0);
  let scroller!: HTMLDivElement;
  let awaitedIndex: number | null = null;

  const count = () => list.count() ?? 0;
  const expandedRow = createMemo<ExpandedRow | null>((previous) => {
    const id = expanded.sessionId();
    // Only the edit form is in the list.
    if (id === null || !expanded.isEditing(id) || expanded.isExpanded(id)) return null;
    const index = list.indexOf(id) ?? previous?.index ?? null;
    return index === null ? null : { index, extraHeight: panelHeight() };
  }, null);
  /** The groups of the recent order; other orders and searches have none. */
  const headings = createMemo<GroupHeading[]>(() => {
    const { sort, search } = list.query();
    if (sort !== 'recent' || search.trim() !== '') return [];
    return groupHeadings(count(), (index) => list.row(index), (at) => formatIsoDay(at, zone()) === snapshot().today.date);
  });
  const headingIndexes = createMemo(() => headings().map((heading) => heading.index), [], { equals: (one, other) => one.join() === other.join() });
  const layout = createMemo<ListLayout>(() => ({ opened: expandedRow(), headings: headingIndexes() }));
  const visible = createMemo(() => visibleRows(scrollTop(), height(), count(), layout()));
  const startsGroup = (index: number) => index === 0 || headingIndexes().includes(index);
  const tabStop = () => Math.min(currentIndex(), Math.max(0, count() - 1));

  /** The rows in view, the expanded row and the row in the tab order. */
  const positions = createMemo(() => {
    const rows = new Set([tabStop(), expandedRow()?.index ?? 0]);
    for (let index = visible().first; index < visible().end; index += 1) rows.add(index);
    const loaded = [...rows].sort((a, b) => a - b).map((index) => ({ index, session: list.row(index) }));
    return new Map(loaded.flatMap(({ index, session }) => (session ? [[session.sessionId, { index, session }]] : [])));
  });
  const focus = createFocusKeeper(() => scroller);
  const ids = createMemo(() => {
    const next = [...positions().keys()];
    focus.remember();
    return next;
  });

  createEffect(() => list.requestRows(visible()));
  createEffect(
    on(
      ids,
      () => {
        if (focus.restore() === 'gone') focusRow(tabStop());
        if (awaitedIndex !== null && document.activeElement === scroller) focusRow(awaitedIndex);
      },
      { defer: true },
    ),
  );
  createEffect(on(() => list.query(), () => scrollToTop(), { defer: true }));
  createEffect(() => {
    const target = props.target;
    const index = target && list.indexOf(target.sessionId);
    if (target && index !== null && height() > 0) untrack(() => showTarget(index, target));
  });
  const scrollToTop = () => {
    setCurrentIndex(0);
    scroller.scrollTop = 0;
  };
  onMount(() => {
    const observer = new ResizeObserver(() => setHeight(scroller.clientHeight));
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });

  const showTarget = (index: number, { isRequested, takeFocus }: ScrollTarget) => {
    const [atTop, revealed] = [rowTop(index, layout()), scrollToReveal(index, scroller.scrollTop, scroller.clientHeight, layout())];
    scroller.scrollTop = isRequested ? atTop : revealed;
    setScrollTop(scroller.scrollTop);
    setCurrentIndex(index);
    if (takeFocus) focusRow(index);
    props.onTargetShown();
  };
  const moveTo = (index: number) => {
    const to = Math.min(Math.max(0, index), count() - 1);
    scroller.scrollTop = scrollToReveal(to, scroller.scrollTop, scroller.clientHeight, layout());
    setScrollTop(scroller.scrollTop);
    setCurrentIndex(to);
    focusRow(to);
  };
  /** Focuses a row. While the row is not loaded, the scroller keeps the focus. */
  const focusRow = (index: number) => {
    const button = findRowButton(scroller, index);
    awaitedIndex = button ? null : index;
    (button ?? scroller).focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isListKeyTarget(event.target, scroller)) return;
    const to = nextRowIndex(event.key, currentIndex(), Math.max(1, Math.floor(height() / ROW_HEIGHT) - 1), count());
    if (to === null) return;
    event.preventDefault();
    moveTo(to);
  };
  const onFocusIn = (event: FocusEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-session-id]') : null;
    const position = positions().get(row?.dataset['sessionId'] ?? '');
    if (position) setCurrentIndex(position.index);
  };

  return (
    <div
      class="session-list"
      tabindex={-1}
      ref={(element) => (scroller = element)}
      onScroll={() => setScrollTop(scroller.scrollTop)}
      onKeyDown={onKeyDown}
      onFocusIn={onFocusIn}
    >
      <ul class="virtual-rows session-list__rows" role="list" aria-label={text.sessions.list} style={{ height: `${listHeight(count(), layout())}px` }}>
        <For each={ids()}>
          {(id) => {
            // The element outlives its row by one update when the list shrinks.
            const position = createMemo<RowPosition | undefined>((previous) => positions().get(id) ?? previous);
            return (
              <Show when={position()}>
                {(current) => (
                  <SessionRow
                    session={current().session}
                    index={current().index}
                    count={count()}
                    top={rowTop(current().index, layout())}
                    isFirst={startsGroup(current().index)}
                    isLast={current().index === count() - 1 || startsGroup(current().index + 1)}
                    isTabStop={current().index === tabStop()}
                    onPanelResize={setPanelHeight}
                  />
                )}
              </Show>
            );
          }}
        </For>
      </ul>
      <GroupHeadings headings={headings()} layout={layout()} />
      <UnlistedSessions />
    </div>
  );
}

/** Returns true if an arrow key moves through the list, not through a text field. */
function isListKeyTarget(target: EventTarget | null, scroller: Element): boolean {
  return target === scroller || (target instanceof HTMLElement && target.dataset['control'] === 'open');
}

function findRowButton(scroller: Element, index: number): HTMLElement | null {
  return scroller.querySelector<HTMLElement>(`[aria-posinset="${index + 1}"] [data-control="open"]`);
}

/** Returns the index of the row a key moves to; null for a key that does not move. */
export function nextRowIndex(key: string, from: number, page: number, count: number): number | null {
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

/**
 * Restores the focus after a row was moved in the document, which blurs it. `restore` returns `gone` if the control no
 * longer exists.
 */
function createFocusKeeper(scroller: () => Element): { remember: () => void; restore: () => 'kept' | 'gone' } {
  let focused: HTMLElement | null = null;
  return {
    remember: () => {
      const active = document.activeElement;
      focused = active instanceof HTMLElement && scroller()?.contains(active) ? active : null;
    },
    restore: () => {
      const previous = focused;
      focused = null;
      if (previous === null || document.activeElement !== document.body) return 'kept';
      previous.focus({ preventScroll: true });
      return previous.isConnected ? 'kept' : 'gone';
    },
  };
}
