// All blocks in a virtual list, in a card per day. Rows have no controls, so the whole list is one tab stop and arrow keys
// scroll it.
import { createMemo, createSignal, Index, type JSX, Match, onCleanup, onMount, Show, Switch } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import { createVirtualAxis, sizeOf, startOf, visibleSpan } from '../../charts/virtual-axis';
import { CostCell } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { OfficialSign } from '../../components/provenance-sign';
import { useClock, useSnapshot } from '../../lib/contexts';
import { formatDayHeading } from '../../lib/calendar-day';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { sanitizeName, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { formatClock, formatIsoDay } from '../../lib/time';
import { text } from '../../strings';
import { findHighlight } from './block-chart-layout';
import type { BlockStats, LoadedBlocks } from './block-history';
import { type BlockListItem, type DaySums, groupByDay, itemHeight } from './block-list-items';
import { blockCost, blockDuration, PeakRate } from './block-readout';

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
      <ul class="block-list__rows" role="list" style={{ height: `${layout().length}px` }}>
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
                    class="block-list__row"
                    classList={{ 'block-list__row--first': row().isFirst, 'block-list__row--last': row().isLast, 'is-pointed': props.pointed === row().id }}
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

function GapRow(props: { row: BillingBlock }): JSX.Element {
  return <time class="block-list__gap">{text.blocks.idleFor(blockDuration(props.row))}</time>;
}

/** A block. Official times have their sign. */
function BlockRow(props: { row: BillingBlock; stats: BlockStats }): JSX.Element {
  const { zone } = useClock();
  const models = () => props.row.models.map(shortModelName).join(', ');
  const isEstimate = () => props.row.label === 'estimated';
  return (
    <>
      <span class="list-item__top">
        <span class="list-item__name">
          <time datetime={props.row.startTime} title={text.blockSourceTitle[props.row.source]}>
            {text.range(formatClock(props.row.startTime, zone()), formatClock(props.row.endTime, zone()))}
          </time>
          <Show when={!isEstimate()}>
            <OfficialSign />
          </Show>
          <span class="visually-hidden">, {text.blockSource[props.row.source]}</span>
          <Show when={props.row.account}>{(account) => <span class="chip">{sanitizeName(account())}</span>}</Show>
          <Show when={findHighlight(props.row, props.stats)}>
            {(highlight) => (
              <LabeledFigure class="chip" label={text.provenance.measured} testid="highlight">
                {text.blocks.highlight[highlight()]}
              </LabeledFigure>
            )}
          </Show>
        </span>
        <LabeledFigure class="list-item__total" label={text.provenance.measured} title={text.tokens(formatNumber(props.row.tokensUsed))}>
          {formatCompact(props.row.tokensUsed)}
        </LabeledFigure>
      </span>
      <span class="list-item__bottom">
        <span class="list-item__facts block-list__facts">
          <LabeledFigure class="block-list__messages" label={text.provenance.measured}>
            {text.messages(formatNumber(props.row.messageCount), props.row.messageCount)}
          </LabeledFigure>
          <PeakRate row={props.row} />
          <span class="block-list__models" title={sanitizeTitle(props.row.models.join(', '))}>
            <bdi>{sanitizeName(models() || text.sessions.noModel)}</bdi>
          </span>
        </span>
        <span class="list-item__cost">
          <CostCell cost={blockCost(props.row)} />
        </span>
      </span>
    </>
  );
}
