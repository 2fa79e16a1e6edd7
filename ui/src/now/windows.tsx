// The vendor's other windows, a bar each, and the week as measured where the vendor says nothing of it.
// What was told too long ago stands in grey, with its age.
import { Index, Show, type JSX } from 'solid-js';
import type { QuotaStats } from '../bindings/QuotaStats';
import type { Snapshot } from '../bindings/Snapshot';
import { compact, exact, percentRange, share } from '../format';
import { fullness } from '../fullness';
import { Labelled } from '../parts/labelled';
import { shareLabel } from '../parts/share';
import { plain } from '../plain';
import { bindingWindow, knowsWeek, otherWindows } from '../quota';
import { text } from '../text';
import { upcoming } from '../time';

interface WindowsProps {
  snapshot: Snapshot;
  now: number;
}

const name = (row: QuotaStats) => text.window[row.window](row.scope === null ? null : plain(row.scope));

export function Windows(props: WindowsProps): JSX.Element {
  const binding = () => bindingWindow(props.snapshot);
  return (
    <section class="windows" aria-label={text.windows}>
      <Index each={otherWindows(props.snapshot)}>
        {(row) => <Window row={row()} zone={props.snapshot.zone} now={props.now} />}
      </Index>
      <Show when={!knowsWeek(props.snapshot)}>
        <MeasuredWeek snapshot={props.snapshot} />
      </Show>
      <Show when={binding()}>
        {(row) => (
          <p class="note" data-testid="binding">
            {text.stopsFirst}: <bdi>{name(row())}</bdi>
          </p>
        )}
      </Show>
    </section>
  );
}

function Window(props: { row: QuotaStats; zone: string; now: number }): JSX.Element {
  const level = () => fullness(props.row.usedPercent);
  return (
    <div class={`window fullness-${level()}`} classList={{ aged: props.row.isStale }} data-testid="window">
      <div data-figure title={text.origin[props.row.origin]}>
        <p class="pair">
          <bdi class="window-name">{name(props.row)}</bdi>
          <span class="window-share">
            <Show when={level() !== 'calm'}>
              <span class={`fullness fullness-${level()}`}>{text.fullness[level()]}</span>
            </Show>
            <strong>{share(props.row.usedPercent / 100)}</strong>
          </span>
        </p>
        <Meter share={props.row.usedPercent / 100} />
        <p class="label">
          {shareLabel(props.row, props.row, props.now, props.zone)}
          <Show when={props.row.resetsAt}>{(at) => <>, {text.resets(upcoming(at(), props.now, props.zone))}</>}</Show>
        </p>
      </div>
      <Show when={forecast(props.row, props.now, props.zone)}>
        {(words) => (
          <p class="label window-pace" data-figure data-testid="window-pace">
            {words()}, {text.label.estimated}
          </p>
        )}
      </Show>
    </div>
  );
}

function Meter(props: { share: number }): JSX.Element {
  return (
    <svg class="meter" width="100%" height="6" aria-hidden="true">
      <rect class="meter-track" width="100%" height="6" rx="3" />
      <rect class="meter-fill" width={`${(Math.min(1, props.share) * 100).toFixed(1)}%`} height="6" rx="3" />
    </svg>
  );
}

/** Where it will stand at its end, and when it runs out before that. */
function forecast(row: QuotaStats, now: number, zone: string): string {
  const range = row.projectedPercent;
  const out = row.usedPercent < 100 ? row.runsOutAt : null;
  const parts = [
    range === null ? null : text.paceOfWindow(percentRange(range.low, range.high)),
    out === null ? null : text.runsOutShort(upcoming(out, now, zone)),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function MeasuredWeek(props: { snapshot: Snapshot }): JSX.Element {
  const week = () => props.snapshot.week;
  return (
    <p class="pair" data-testid="week">
      <span class="window-name">{week().endTime === null ? text.lastWeek : text.thisWeek}</span>
      <Labelled label={text.label[week().label]} title={text.tokens(exact(week().totalTokens))}>
        <strong>{text.tokens(compact(week().totalTokens))}</strong>
      </Labelled>
    </p>
  );
}
