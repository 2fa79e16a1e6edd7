// What stands above the figures when something is the matter: logs being read, a problem, figures grown old.
// Each is a sentence and at most one thing to do.
import { createMemo, Index, Show, type JSX } from 'solid-js';
import type { Problem } from '../bindings/Problem';
import type { Progress } from '../bindings/Progress';
import { exact, megabytes } from '../format';
import type { Host } from '../host/host';
import type { LiveState } from '../state';
import { text } from '../text';
import { clock } from '../time';
import { NoTray } from './no-tray';
import { Plain } from './plain';
import { StartButton } from './start-button';
import { roughly, timeLeft, type Read } from './time-left';

type Importing = Extract<Progress, { state: 'importing' }>;

/** Whatever is the matter now, gravest first. */
export function Banners(props: { state: LiveState; host: Host }): JSX.Element {
  const snapshot = () => props.state.live.snapshot;
  const importing = (): Importing | null => {
    const progress = snapshot()?.progress;
    return progress?.state === 'importing' ? progress : null;
  };
  return (
    <div class="banners">
      <div role="status">
        <Show when={snapshot() && props.state.live.link === 'down'}>
          <OldFigures state={props.state} />
        </Show>
        <Show when={props.state.live.unanswered && props.state.live.link !== 'down'}>
          <NoAnswer state={props.state} />
        </Show>
        <Index each={snapshot()?.problems ?? []}>{(problem) => <ProblemBanner problem={problem()} />}</Index>
        <NoTray host={props.host} />
      </div>
      <Show when={importing()}>{(progress) => <ImportBanner progress={progress()} now={props.state.now()} />}</Show>
    </div>
  );
}

function asOf(state: LiveState): string {
  const snapshot = state.live.snapshot;
  return snapshot ? text.stale.since(clock(snapshot.at, snapshot.zone)) : '';
}

function OldFigures(props: { state: LiveState }): JSX.Element {
  return (
    <section class="banner" data-testid="offline-banner">
      <div>
        <p class="banner-title">{text.offline.title}</p>
        <p>{asOf(props.state)}</p>
      </div>
      <StartButton state={props.state} />
    </section>
  );
}

function NoAnswer(props: { state: LiveState }): JSX.Element {
  return (
    <section class="banner" data-testid="stale-banner">
      <div>
        <p class="banner-title">{text.stale.title}</p>
        <p>{asOf(props.state)}</p>
      </div>
      <button type="button" class="button" onClick={() => void props.state.refresh()}>
        {text.stale.again}
      </button>
    </section>
  );
}

function ProblemBanner(props: { problem: Problem }): JSX.Element {
  return (
    <section class="banner problem" data-testid="problem-banner">
      <svg class="banner-mark" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M8 2 L14.5 13.5 H1.5 Z" />
        <path d="M8 6.4 V9.6 M8 11.4 V11.6" />
      </svg>
      <div>
        <p class="banner-title">
          <Plain value={props.problem.message} />
        </p>
        <p>
          <Plain value={props.problem.hint} />
        </p>
      </div>
    </section>
  );
}

/** Bytes say how long it takes; files say what is being done. */
function ImportBanner(props: { progress: Importing; now: number }): JSX.Element {
  const part = () => (props.progress.bytes > 0 ? Math.min(1, props.progress.bytesDone / props.progress.bytes) : 0);
  const files = () => text.importing.files(exact(props.progress.filesDone), exact(props.progress.files));
  const bytes = () => text.importing.bytes(megabytes(props.progress.bytesDone), megabytes(props.progress.bytes));
  const left = createLeft(
    () => props.progress,
    () => props.now,
  );
  return (
    <section class="banner importing" data-testid="import-progress">
      <p class="banner-title" id="import-title">
        {text.importing.title}
      </p>
      <div
        class="progress"
        role="progressbar"
        aria-labelledby="import-title"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(part() * 100)}
        aria-valuetext={`${files()}, ${bytes()}`}
      >
        <svg width="100%" height="4" aria-hidden="true">
          <rect class="progress-track" width="100%" height="4" />
          <rect class="progress-fill" width={`${(part() * 100).toFixed(1)}%`} height="4" />
        </svg>
      </div>
      <p class="pair">
        <span>{files()}</span>
        <span>
          {bytes()}
          <Show when={left()}>{(words) => <span data-testid="time-left">{`, ${words()}`}</span>}</Show>
        </span>
      </p>
    </section>
  );
}

/** The time left in words; measured from the first progress seen, and anew where it went back. */
function createLeft(progress: () => Importing, now: () => number): () => string | null {
  const seen = createMemo<{ first: Read; latest: Read }>((before) => {
    const latest = { at: now(), bytes: progress().bytesDone };
    const first = before && before.latest.bytes <= latest.bytes ? before.first : latest;
    return { first, latest };
  });
  return () => {
    const { first, latest } = seen();
    const left = timeLeft(first, latest, progress().bytes);
    return left === null ? null : text.importing.left(roughly(left));
  };
}
