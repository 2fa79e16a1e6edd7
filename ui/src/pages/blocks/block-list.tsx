// All blocks in a virtual list, in a card per day. Rows have no controls, so the whole list is one tab stop and arrow keys
// scroll it.
import { createMemo, createSignal, Index, type JSX, Match, onCleanup, onMount, Show, Switch } from 'solid-js';
import { createVirtualAxis, sizeOf, startOf, visibleSpan } from '../../charts/virtual-axis';
import { LabeledFigure } from '../../components/labeled-figure';
import { useClock, useSnapshot } from '../../lib/contexts';
import { formatDayHeading } from '../../lib/calendar-day';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { formatIsoDay } from '../../lib/time';
import { text } from '../../strings';
import type { BlockStats, LoadedBlocks } from './block-history';
import { type BlockListItem, type DaySums, groupByDay, itemHeight } from './block-list-items';
import { BlockRow, GapRow } from './block-row';

/** Distance beyond the view in which rows are drawn, and distance from the end at which more are loaded; in pixels. */
const [OVERSCAN, LOAD_MORE_DISTANCE] = [240, 800];

interface ListProps {
  history: LoadedBlocks;
  stats: BlockStats;
  pointed: string | null;
}

export function BlockList(props: ListProps): JSX.Element {
  const snapshot = useSnapshot();
  const { zone } = useClock();
  const [view, setView] = createSignal({ from: 0, height: 0 });
  let scroller!: HTMLDivElement;
  const items = createMemo(() => {
    const rows = props.history.rows();
    return groupByDay(rows, (row) => formatIsoDay(row.startTime, zone()), rows.length >= props.stats.count);
  });
  const layout = createMemo(() => createVirtualAxis(items().map(itemHeight)));
  const span = createMemo(() => visibleSpan(layout(), view().from, view().height, OVERSCAN));
  const drawn = () => items().slice(span().first, span().end);
  const updateView = () => {
    setView({ from: scroller.scrollTop, height: scroller.clientHeight });
    if (view().from + view().height + LOAD_MORE_DISTANCE > layout().length) props.history.loadMore();
  };
  onMount(() => {
    const observer = new ResizeObserver(updateView);
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });
  const place = (at: number) => ({ top: `${startOf(layout(), span().first + at)}px`, height: `${sizeOf(layout(), span().first + at)}px` });
  return (
    <div class="block-list" role="region" aria-label={text.blocks.list} tabindex={0} ref={(element) => (scroller = element)} onScroll={updateView}>
      <ul class="virtual-rows" role="list" style={{ height: `${layout().length}px` }}>
        <Index each={drawn()}>
          {(item, at) => (
            <Switch>
              <Match when={asDay(item())}>
                {(day) => (
                  <li class="block-list__day" style={place(at)}>
                    <DayHeading day={day().day} sums={day().sums} today={snapshot().today.date} />
                  </li>
                )}
              </Match>
              <Match when={asRow(item())}>
                {(row) => (
                  <li
                    class="virtual-row block-list__row"
                    classList={{ 'virtual-row--first': row().isFirst, 'virtual-row--last': row().isLast, 'is-pointed': props.pointed === row().id }}
                    aria-posinset={row().index + 1}
                    aria-setsize={props.history.rows().length}
                    style={place(at)}
                    data-testid="block-row"
                  >
                    <Show when={!row().row.isGap} fallback={<GapRow row={row().row} />}>
                      <BlockRow row={row().row} stats={props.stats} />
                    </Show>
                  </li>
                )}
              </Match>
            </Switch>
          )}
        </Index>
      </ul>
    </div>
  );
}

const asDay = (item: BlockListItem) => (item.kind === 'day' ? item : null);
const asRow = (item: BlockListItem) => (item.kind === 'day' ? null : item);

function DayHeading(props: { day: string; sums: DaySums | null; today: string }): JSX.Element {
  return (
    <>
      <h2>
        <time datetime={props.day}>{props.day === props.today ? text.today : formatDayHeading(props.day)}</time>
      </h2>
      <Show when={props.sums}>
        {(sums) => (
          <LabeledFigure class="tiny" label={`${text.provenance.measured}, ${text.apiEquivalent}`}>
            {text.blocks.daySums(formatNumber(sums().count), sums().count, formatCompact(sums().tokens))}
            {sums().cost === null ? '' : ` · ${formatDollars(sums().cost ?? 0)}`}
          </LabeledFigure>
        )}
      </Show>
    </>
  );
}
