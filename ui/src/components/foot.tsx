// The foot of the window: the state of the figures, and the only legend of the provenance signs.
import { type JSX, Show } from 'solid-js';
import type { Snapshot } from '../bindings/Snapshot';
import { useFeature, useSnapshotStore } from '../lib/contexts';
import { text } from '../strings';
import { OfficialSign } from './provenance-sign';
import './foot.css';

export function Foot(): JSX.Element {
  const store = useSnapshotStore();
  const notLive = useFeature('startDaemon') ? text.app.foot.notRunning : text.web.notConnected;
  const isLive = () => store.state.connection !== 'disconnected' && !store.state.isUnanswered;
  const state = () => {
    if (!isLive()) return notLive;
    return store.state.snapshot?.progress.state === 'importing' ? text.app.foot.reading : text.app.foot.live;
  };
  return (
    <footer class="foot" data-testid="foot">
      <span class="foot__state">
        <svg class="foot__dot" classList={{ 'foot__dot--off': !isLive() }} viewBox="0 0 8 8" aria-hidden="true">
          <circle cx="4" cy="4" r="3" />
        </svg>
        {state()}
      </span>
      <Show when={hasOfficial(store.state.snapshot)}>
        <span class="foot__key" title={text.app.foot.officialTitle}>
          <OfficialSign />
          {text.app.foot.official}
        </span>
      </Show>
      <span class="foot__key" title={text.app.foot.estimateTitle}>
        <strong aria-hidden="true">~</strong> {text.app.foot.estimate}
      </span>
      <span class="foot__key" title={text.apiEquivalentTitle}>
        <strong aria-hidden="true">$</strong> {text.apiEquivalent}
      </span>
    </footer>
  );
}

/** Returns true if the snapshot has an official figure. */
function hasOfficial(snapshot: Snapshot | null): boolean {
  return snapshot !== null && (snapshot.quota.length > 0 || snapshot.currentBlock?.label === 'official');
}
