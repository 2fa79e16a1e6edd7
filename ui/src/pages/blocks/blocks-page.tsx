// The Blocks page: a chart over a list of all blocks, latest first. The pointed block leads the page, otherwise the
// latest. Statistics come from the engine.
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import { EmptyNote, LoadError, LoadingNote, StaleNote } from '../../components/status-notes';
import { useHost, useSnapshot } from '../../lib/contexts';
import { refetchOnRevision } from '../../lib/query';
import { text } from '../../strings';
import { BlockChart } from './block-chart';
import { findHighlight } from './block-chart-layout';
import { type BlockStats, createBlockHistory, type LoadedBlocks } from './block-history';
import { BlockList } from './block-list';
import { BlockReadout } from './block-readout';
import './blocks.css';

export function BlocksPage(): JSX.Element {
  const snapshot = useSnapshot();
  const history = createBlockHistory(useHost());
  refetchOnRevision(snapshot, () => history.failure() !== null, () => history.refresh());
  const loadedStats = () => (history.rows().length > 0 ? history.stats() : null);
  return (
    <Switch fallback={<LoadingNote message={text.blocks.loading} />}>
      <Match when={loadedStats()}>{(stats) => <Blocks history={history} stats={stats()} />}</Match>
      <Match when={history.failure()}>
        {(failure) => <LoadError message={text.blocks.failed} failure={failure()} onRetry={() => history.refresh()} />}
      </Match>
      <Match when={history.stats()}>
        <EmptyNote message={text.blocks.none} hint={text.blocks.noneHint} />
      </Match>
    </Switch>
  );
}

function Blocks(props: { history: LoadedBlocks; stats: BlockStats }): JSX.Element {
  const snapshot = useSnapshot();
  const [pointed, setPointed] = createSignal<string | null>(null);
  const shown = () => props.history.rows().find((row) => row.id === pointed()) ?? props.history.rows()[0];
  const isOwnLimit = () => snapshot().blockUse?.basis === 'number' && snapshot().blockUse?.limit === props.stats.limitTokens;
  return (
    <div class="blocks">
      <StaleNote failure={props.history.failure()} onRetry={() => props.history.refresh()} />
      <div class="card blocks__overview">
        <Show when={shown()}>{(row) => <BlockReadout row={row()} highlight={findHighlight(row(), props.stats)} />}</Show>
        <BlockChart history={props.history} stats={props.stats} isOwnLimit={isOwnLimit()} pointed={pointed()} onPoint={setPointed} />
      </div>
      <BlockList history={props.history} stats={props.stats} pointed={pointed()} />
    </div>
  );
}
