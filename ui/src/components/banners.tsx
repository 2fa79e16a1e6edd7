// The banners above the page: an import in progress, problems, outdated figures, and a newer version. Each has one line, at most one action,
// and can be dismissed.
import { createMemo, createSignal, Index, type JSX, Show } from 'solid-js';
import type { Progress } from '../bindings/Progress';
import { useFeature, useSnapshotStore } from '../lib/contexts';
import { formatMegabytes, formatNumber } from '../lib/format';
import type { SnapshotStore } from '../lib/snapshot-store';
import { formatClock } from '../lib/time';
import { estimateTimeLeft, formatRoughDuration, type ReadProgress } from '../lib/time-left';
import { text } from '../strings';
import { Banner } from './banner';
import { NoTrayBanner } from './no-tray-banner';
import { ProblemBanner } from './problem-banner';
import { StartButton } from './start-button';
import { UpdateBanner } from './update-banner';
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
  /** The messages of dismissed problems; a problem with another message is shown again. */
  const [dismissed, setDismissed] = createSignal<readonly string[]>([]);
  const problems = () => (snapshot()?.problems ?? []).filter((problem) => !dismissed().includes(problem.message));
  /** The version whose banner was dismissed; a later one is shown again. */
  const [dismissedVersion, setDismissedVersion] = createSignal('');
  const update = () => {
    const newer = snapshot()?.update;
    return newer && newer.version !== dismissedVersion() ? newer : null;
  };
  return (
    <div class="banners">
      <div role="status">
        <Dismissible when={snapshot() !== null && isOffline()}>{(dismiss) => <OfflineBanner onDismiss={dismiss} />}</Dismissible>
        <Dismissible when={store.state.isUnanswered && !isOffline()}>{(dismiss) => <UnansweredBanner onDismiss={dismiss} />}</Dismissible>
        <Index each={problems()}>{(problem) => <ProblemBanner problem={problem()} onDismiss={() => setDismissed([...dismissed(), problem().message])} />}</Index>
        <Show when={useFeature('appWindow')}>
          <NoTrayBanner />
        </Show>
        <Show when={update()}>{(newer) => <UpdateBanner update={newer()} onDismiss={() => setDismissedVersion(newer().version)} />}</Show>
      </div>
      <Show when={importing()}>{(progress) => <ImportBanner progress={progress()} now={store.now()} />}</Show>
    </div>
  );
}

/** Shows a banner while its condition holds, unless it was dismissed; a new occurrence is shown again. */
function Dismissible(props: { when: boolean; children: (dismiss: () => void) => JSX.Element }): JSX.Element {
  return (
    <Show when={props.when}>
      <UntilDismissed>{props.children}</UntilDismissed>
    </Show>
  );
}

function UntilDismissed(props: { children: (dismiss: () => void) => JSX.Element }): JSX.Element {
  const [isDismissed, setDismissed] = createSignal(false);
  return <Show when={!isDismissed()}>{props.children(() => setDismissed(true))}</Show>;
}

function figuresAsOf(store: SnapshotStore): string {
  const snapshot = store.state.snapshot;
  return snapshot ? text.app.stale.asOf(formatClock(snapshot.at, snapshot.zone)) : '';
}

function OfflineBanner(props: { onDismiss: () => void }): JSX.Element {
  const strings = useFeature('startDaemon') ? text.app.offline : text.web.offline;
  const store = useSnapshotStore();
  return (
    <Banner testid="offline-banner" title={strings.banner} hint={figuresAsOf(store)} onDismiss={props.onDismiss}>
      <StartButton />
    </Banner>
  );
}

function UnansweredBanner(props: { onDismiss: () => void }): JSX.Element {
  const store = useSnapshotStore();
  return (
    <Banner testid="stale-banner" title={text.app.stale.title} hint={figuresAsOf(store)} onDismiss={props.onDismiss}>
      <button type="button" class="button button--small" onClick={() => void store.refresh()}>
        {text.app.stale.retry}
      </button>
    </Banner>
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
