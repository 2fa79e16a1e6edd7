// The placeholders shown instead of a page: loading, first scan, no logs, not running. Each has a sentence and what can be
// done.
import { createSignal, type JSX, onCleanup, Show } from 'solid-js';
import type { RootStatus } from '../bindings/RootStatus';
import { useFeature } from '../lib/contexts';
import { text } from '../strings';
import '../charts/burn-up.css';
import '../charts/gauge.css';
import { LookAround } from './demo-bar';
import { FirstSteps } from './first-steps';
import { LimitRing } from './limit-ring';
import { RootList } from './root-list';
import { StartButton } from './start-button';
import './placeholders.css';

/** The time in milliseconds after which waiting is shown: a page that opens fast shows only its figures. */
const LOADING_DELAY = 800;

export function LoadingPlaceholder(): JSX.Element {
  const [isSlow, setSlow] = createSignal(false);
  const timer = setTimeout(() => setSlow(true), LOADING_DELAY);
  onCleanup(() => clearTimeout(timer));
  return (
    <p class="loading-note" role="status">
      {isSlow() ? text.app.loading : ''}
    </p>
  );
}

export function OfflinePlaceholder(): JSX.Element {
  const strings = useFeature('startDaemon') ? text.app.offline : text.web.offline;
  return (
    <section class="placeholder" data-testid="offline-state">
      <LimitRing share={null} label={strings.title} />
      <h2>{strings.title}</h2>
      <p>{strings.hint}</p>
      <StartButton />
    </section>
  );
}

export function EmptyPlaceholder(props: { roots: readonly RootStatus[] }): JSX.Element {
  return (
    <section class="placeholder" data-testid="empty-state">
      <ExampleCurve />
      <h2>{text.app.empty.title}</h2>
      <p>{text.app.empty.hint}</p>
      <FirstSteps roots={props.roots} />
      <Show when={useFeature('demo')}>
        <LookAround />
      </Show>
    </section>
  );
}

/** A burn-up curve as a picture of what is to come. */
function ExampleCurve(): JSX.Element {
  return (
    <svg class="example-curve level--calm" viewBox="0 0 300 96" aria-hidden="true">
      <line class="burn-up__base" x2="300" y1="95.5" y2="95.5" />
      <polygon class="burn-up__cone" points="166,48 300,12 300,30" />
      <line class="burn-up__edge" x1="166" y1="48" x2="300" y2="12" />
      <line class="burn-up__edge" x1="166" y1="48" x2="300" y2="30" />
      <polygon class="burn-up__area" points="0,95 12,91 34,90 58,75 90,73 108,63 132,62 152,49 166,48 166,95" />
      <polyline class="burn-up__line" points="0,95 12,91 34,90 58,75 90,73 108,63 132,62 152,49 166,48" />
      <circle class="burn-up__dot" cx="166" cy="48" r="5" />
    </svg>
  );
}

/** The first scan: a short introduction and the folders being read. The banner above shows the progress. */
export function FirstScanPlaceholder(props: { roots: readonly RootStatus[] }): JSX.Element {
  return (
    <section class="placeholder" data-testid="first-state">
      <LimitRing share={null} label={text.app.firstScan.title} />
      <h2>{text.app.firstScan.title}</h2>
      <p>{text.app.firstScan.hint}</p>
      <Show when={props.roots.length > 0}>
        <Roots heading={text.app.firstScan.folders} roots={props.roots} />
      </Show>
    </section>
  );
}

function Roots(props: { heading: string; roots: readonly RootStatus[] }): JSX.Element {
  return (
    <>
      <h3>{props.heading}</h3>
      <RootList roots={props.roots} />
    </>
  );
}
