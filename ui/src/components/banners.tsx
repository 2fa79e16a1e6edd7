// The banners above the page: an import in progress, problems, and outdated figures. Each has a sentence and at most
// one action.
import { createMemo, Index, type JSX, Show } from 'solid-js';
import type { Problem } from '../bindings/Problem';
import type { Progress } from '../bindings/Progress';
import { useSnapshotStore } from '../lib/contexts';
import { formatMegabytes, formatNumber } from '../lib/format';
import type { SnapshotStore } from '../lib/snapshot-store';
import { formatClock } from '../lib/time';
import { estimateTimeLeft, formatRoughDuration, type ReadProgress } from '../lib/time-left';
import { text } from '../strings';
import { NoTrayBanner } from './no-tray-banner';
import { SanitizedText } from './sanitized-text';
import { StartButton } from './start-button';
import './banners.css';

type Importing = Extract<Progress, { state: 'importing' }>;

/** Renders the current banners, most serious first. */
export function Banners(): JSX.Element {
  const store = useSnapshotStore();
  const snapshot = () => store.state.snapshot;
  const isOffline = () => store.state.connection === 'disconnected';
  const importing = (): Importing | null => {
    const progress = snapshot()?.progress;
    return progress?.state === 'importing' ? progress : null;
  };
  return (
    <div class="banners">
      <div role="status">
        <Show when={snapshot() && isOffline()}>
          <OfflineBanner />
        </Show>
        <Show when={store.state.isUnanswered && !isOffline()}>
          <UnansweredBanner />
        </Show>
        <Index each={snapshot()?.problems ?? []}>{(problem) => <ProblemBanner problem={problem()} />}</Index>
        <NoTrayBanner />
      </div>
      <Show when={importing()}>{(progress) => <ImportBanner progress={progress()} now={store.now()} />}</Show>
    </div>
  );
}

function figuresAsOf(store: SnapshotStore): string {
  const snapshot = store.state.snapshot;
  return snapshot ? text.app.stale.asOf(formatClock(snapshot.at, snapshot.zone)) : '';
}

function OfflineBanner(): JSX.Element {
  const store = useSnapshotStore();
  return (
    <section class="banner" data-testid="offline-banner">
      <div>
        <p class="banner__title">{text.app.offline.title}</p>
        <p>{figuresAsOf(store)}</p>
      </div>
      <StartButton />
    </section>
  );
}

function UnansweredBanner(): JSX.Element {
  const store = useSnapshotStore();
  return (
    <section class="banner" data-testid="stale-banner">
      <div>
        <p class="banner__title">{text.app.stale.title}</p>
        <p>{figuresAsOf(store)}</p>
      </div>
      <button type="button" class="button" onClick={() => void store.refresh()}>
        {text.app.stale.retry}
      </button>
    </section>
  );
}

function ProblemBanner(props: { problem: Problem }): JSX.Element {
  return (
    <section class="banner banner--problem" data-testid="problem-banner">
      <svg class="banner__mark" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 2 L14.5 13.5 H1.5 Z" />
        <path d="M8 6.4 V9.6 M8 11.4 V11.6" />
      </svg>
      <div>
        <p class="banner__title">
          <SanitizedText value={props.problem.message} />
        </p>
        <p>
          <SanitizedText value={props.problem.hint} />
        </p>
      </div>
    </section>
  );
}

/** Shows an import: bytes for the progress, files for orientation. */
function ImportBanner(props: { progress: Importing; now: number }): JSX.Element {
  const share = () => (props.progress.bytes > 0 ? Math.min(1, props.progress.bytesDone / props.progress.bytes) : 0);
  const files = () => text.app.importing.files(formatNumber(props.progress.filesDone), formatNumber(props.progress.files));
  const bytes = () => text.app.importing.bytes(formatMegabytes(props.progress.bytesDone), formatMegabytes(props.progress.bytes));
  const left = createTimeLeftText(
    () => props.progress,
    () => props.now,
  );
  return (
    <section class="banner banner--importing" data-testid="import-progress">
      <p class="banner__title" id="import-title">
        {text.app.importing.title}
      </p>
      <div
        class="banner__progress"
        role="progressbar"
        aria-labelledby="import-title"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share() * 100)}
        aria-valuetext={`${files()}, ${bytes()}`}
      >
        <svg width="100%" height="4" aria-hidden="true">
          <rect class="banner__progress-track" width="100%" height="4" />
          <rect class="banner__progress-fill" width={`${(share() * 100).toFixed(1)}%`} height="4" />
        </svg>
      </div>
      <p class="row-between">
        <span>{files()}</span>
        <span>
          {bytes()}
          <Show when={left()}>{(time) => <span data-testid="time-left">{`, ${time()}`}</span>}</Show>
        </span>
      </p>
    </section>
  );
}

/** Returns the estimated time left. Measured from the first progress seen, and restarted if the progress went back. */
function createTimeLeftText(progress: () => Importing, now: () => number): () => string | null {
  const progressSeen = createMemo<{ first: ReadProgress; latest: ReadProgress }>((previous) => {
    const latest = { at: now(), bytes: progress().bytesDone };
    const first = previous && previous.latest.bytes <= latest.bytes ? previous.first : latest;
    return { first, latest };
  });
  return () => {
    const { first, latest } = progressSeen();
    const left = estimateTimeLeft(first, latest, progress().bytes);
    return left === null ? null : text.app.importing.left(formatRoughDuration(left));
  };
}
