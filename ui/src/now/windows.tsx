// The vendor's other windows, a bar each, and the week as measured where the vendor says nothing of it.
// Where several come from the same, a heading says so once. What was told too long ago stands in grey, with its age.
import { Index, Show, type JSX } from 'solid-js';
import type { QuotaStats } from '../bindings/QuotaStats';
import type { Snapshot } from '../bindings/Snapshot';
import { compact, exact, percentRange, share } from '../format';
import { fullness } from '../fullness';
import { Cost, hasCost } from '../parts/cost';
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
  const rows = () => otherWindows(props.snapshot);
  const headed = () => rows().length > 1;
  return (
    <section class="windows" aria-label={headed() ? undefined : text.windows} aria-labelledby={headed() ? 'windows-heading' : undefined}>
      <Show when={headed()}>
        <div class="headed">
          <h2 id="windows-heading">{text.windows}</h2>
          <span class="label">{text.windowsColumns}</span>
        </div>
      </Show>
      <Index each={rows()}>
        {(row) => <Window row={row()} zone={props.snapshot.zone} now={props.now} headed={headed()} first={bindingWindow(props.snapshot) === row()} />}
      </Index>
      <Show when={!knowsWeek(props.snapshot)}>
        <MeasuredWeek snapshot={props.snapshot} />
      </Show>
    </section>
  );
}

interface WindowProps {
  row: QuotaStats;
  zone: string;
  now: number;
  /** Whether a heading says already that these figures are the vendor's. */
  headed: boolean;
  /** Whether it will stop work first. */
  first: boolean;
}

function Window(props: WindowProps): JSX.Element {
  const level = () => fullness(props.row.usedPercent);
  const said = () => shareLabel(props.row, props.row, props.now, props.zone);
  const heard = () => props.headed && said() === text.label.official;
  return (
    <div class={`window fullness-${level()}`} classList={{ aged: props.row.isStale }} data-testid="window">
      <div data-figure title={text.origin[props.row.origin]}>
        <p class="pair">
          <bdi class="window-name">{name(props.row)}</bdi>
          <span class="window-share">
            <Show when={props.first}>
              <span class="note" data-testid="binding">
                {text.stopsFirst}
              </span>
            </Show>
            <Show when={level() !== 'calm'}>
              <span class={`fullness fullness-${level()}`}>{text.fullness[level()]}</span>
            </Show>
            <strong>{share(props.row.usedPercent / 100)}</strong>
          </span>
        </p>
        <Meter share={props.row.usedPercent / 100} />
        <p class="label">
          <span class={heard() ? 'heard' : undefined}>{said()}</span>
          <Show when={props.row.resetsAt}>
            {(at) => (
              <>
                <span class={heard() ? 'heard' : undefined}>, </span>
                {text.resets(upcoming(at(), props.now, props.zone))}
              </>
            )}
          </Show>
        </p>
      </div>
      <Show when={forecast(props.row, props.now, props.zone)}>
        {(words) => (
          <p class="label window-pace" data-figure data-testid="window-pace">
            {words()}
            <span class={props.headed ? 'heard' : undefined}>, {text.label.estimated}</span>
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

/** What was used, over a line of dots: there is nothing it could be a share of. */
function MeasuredWeek(props: { snapshot: Snapshot }): JSX.Element {
  const week = () => props.snapshot.week;
  return (
    <div class="window" data-testid="week">
      <Labelled class="window-whole" label={text.label[week().label]} title={text.tokens(exact(week().totalTokens))} heard>
        <span class="pair">
          <span class="window-name">{week().endTime === null ? text.lastWeek : text.thisWeek}</span>
          <strong>{text.tokens(compact(week().totalTokens))}</strong>
        </span>
      </Labelled>
      <svg class="meter" width="100%" height="6" aria-hidden="true">
        <line class="meter-unknown" x1="1" x2="100%" y1="3" y2="3" />
      </svg>
      <p class="label">
        <span aria-hidden="true">{text.label[week().label]}</span>
        <Show when={hasCost(week())}>
          <span aria-hidden="true">, </span>
          <Cost of={week()} testid="week-cost" />
        </Show>
      </p>
      <p class="label window-pace">{text.noLimitTold}</p>
    </div>
  );
}
