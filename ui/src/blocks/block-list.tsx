// All blocks on two lines each, idle time on one between them; holds only those on screen.
// It shows and does nothing, so the whole list is one place in the tab order, where arrow keys scroll.
import { createMemo, createSignal, Index, onCleanup, onMount, Show, type JSX } from 'solid-js';
import type { BillingBlock } from '../bindings/BillingBlock';
import { inView, sizeOf, startOf, track } from '../charts/track';
import { compact, exact } from '../format';
import { CostCell } from '../parts/cost';
import { Labelled } from '../parts/labelled';
import { plain, plainTitle, shortModel } from '../plain';
import { text } from '../text';
import { interval } from '../time';
import { rowHeight, standout } from './look';
import type { Past, Remarks } from './past';
import { costly, lengthOf, Peak } from './readout';

/** Rows drawn above and below the view, and how near its end earlier ones are asked for; in pixels. */
const [MARGIN, NEAR] = [240, 800];

interface ListProps {
  past: Past;
  remarks: Remarks;
  zone: string;
  pointed: string | null;
}

export function BlockList(props: ListProps): JSX.Element {
  const [view, setView] = createSignal({ from: 0, height: 0 });
  let scroller!: HTMLDivElement;
  const rows = () => props.past.rows();
  const along = createMemo(() => track(rows().map(rowHeight)));
  const span = createMemo(() => inView(along(), view().from, view().height, MARGIN));
  const drawn = () => rows().slice(span().first, span().end);
  const look = () => {
    setView({ from: scroller.scrollTop, height: scroller.clientHeight });
    if (view().from + view().height + NEAR > along().length) props.past.more();
  };
  onMount(() => {
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    onCleanup(() => observer.disconnect());
  });
  return (
    <div class="block-scroller" role="region" aria-label={text.blocksPage.list} tabindex={0} ref={(element) => (scroller = element)} onScroll={look}>
      <ul class="block-rows" role="list" style={{ height: `${along().length}px` }}>
        <Index each={drawn()}>
          {(row, at) => {
            const index = () => span().first + at;
            return (
              <li
                class="block-row"
                classList={{ pointed: props.pointed === row().id, idle: row().isGap }}
                aria-posinset={index() + 1}
                aria-setsize={along().count}
                style={{ top: `${startOf(along(), index())}px`, height: `${sizeOf(along(), index())}px` }}
                data-testid="block-row"
              >
                <Show when={!row().isGap} fallback={<IdleRow row={row()} />}>
                  <UsedRow row={row()} remarks={props.remarks} zone={props.zone} />
                </Show>
              </li>
            );
          }}
        </Index>
      </ul>
    </div>
  );
}

function IdleRow(props: { row: BillingBlock }): JSX.Element {
  return (
    <time class="idle-words">
      {text.blocksPage.idle}, {lengthOf(props.row)}
    </time>
  );
}

/** What stands out says so first. Where its times come from is seen where they are more than an estimate. */
function UsedRow(props: { row: BillingBlock; remarks: Remarks; zone: string }): JSX.Element {
  const models = () => props.row.models.map(shortModel).join(', ');
  const isEstimate = () => props.row.label === 'estimated';
  return (
    <>
      <span class="line-top">
        <span class="line-name">
          <time datetime={props.row.startTime}>{interval(props.row.startTime, props.row.endTime, props.zone)}</time>
          <span class={isEstimate() ? 'heard' : 'label'} title={text.sourceTitle[props.row.source]}>
            {text.source[props.row.source]}
          </span>
        </span>
        <Labelled class="line-total" label={text.label.measured} title={text.tokens(exact(props.row.tokensUsed))} heard>
          {compact(props.row.tokensUsed)}
        </Labelled>
      </span>
      <span class="line-bottom">
        <span class="line-facts block-line">
          <Show when={standout(props.row, props.remarks)}>
            {(mark) => (
              <Labelled class="standout" label={text.label.measured} heard testid="standout">
                {text.blocksPage.standout[mark()]}
              </Labelled>
            )}
          </Show>
          <Peak row={props.row} />
          <Labelled class="block-messages" label={text.label.measured} heard>
            {text.messages(exact(props.row.messageCount), props.row.messageCount)}
          </Labelled>
          <span class="block-models" title={plainTitle(props.row.models.join(', '))}>
            <bdi>{plain(models() || text.sessions.noModel)}</bdi>
          </span>
        </span>
        <span class="line-cost">
          <CostCell of={costly(props.row)} />
        </span>
      </span>
    </>
  );
}
