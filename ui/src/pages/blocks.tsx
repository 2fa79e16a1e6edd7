// All blocks: a column each over the list of them, the latest first. The one pointed at leads, else the latest.
// It refuses to add up or to guess: what is remarkable about them is the engine's word.
import { createSignal, Match, Show, Switch, type JSX } from 'solid-js';
import { followChanges } from '../asked';
import type { Snapshot } from '../bindings/Snapshot';
import { BlockChart } from '../blocks/block-chart';
import { BlockList } from '../blocks/block-list';
import { standout } from '../blocks/look';
import { createPast, type Past, type Remarks } from '../blocks/past';
import { BlockReadout } from '../blocks/readout';
import type { Host } from '../host/host';
import { Nothing, OldAnswer, Reading, Unreadable } from '../parts/asked-notes';
import { text } from '../text';

interface BlocksProps {
  snapshot: Snapshot;
  host: Host;
}

export function BlocksPage(props: BlocksProps): JSX.Element {
  const past = createPast(props.host);
  followChanges(() => props.snapshot, () => past.failure() !== null, () => past.refresh());
  const known = () => (past.rows().length > 0 ? past.remarks() : null);
  return (
    <Switch fallback={<Reading words={text.blocksPage.loading} />}>
      <Match when={known()}>{(remarks) => <Blocks past={past} remarks={remarks()} snapshot={props.snapshot} />}</Match>
      <Match when={past.failure()}>
        {(failure) => <Unreadable words={text.blocksPage.failed} failure={failure()} again={() => past.refresh()} />}
      </Match>
      <Match when={past.remarks()}>
        <Nothing words={text.blocksPage.none} hint={text.blocksPage.noneHint} />
      </Match>
    </Switch>
  );
}

function Blocks(props: { past: Past; remarks: Remarks; snapshot: Snapshot }): JSX.Element {
  const [pointed, point] = createSignal<string | null>(null);
  const shown = () => props.past.rows().find((row) => row.id === pointed()) ?? props.past.rows()[0];
  const zone = () => props.snapshot.zone;
  const limitLabel = () => {
    const use = props.snapshot.blockUse;
    return use !== null && use.limit === props.remarks.limitTokens ? use.label : 'estimated';
  };
  return (
    <div class="blocks">
      <OldAnswer failure={props.past.failure()} again={() => props.past.refresh()} />
      <Show when={shown()}>{(row) => <BlockReadout row={row()} standout={standout(row(), props.remarks)} zone={zone()} />}</Show>
      <BlockChart past={props.past} remarks={props.remarks} limitLabel={limitLabel()} zone={zone()} pointed={pointed()} point={point} />
      <div class="headed list-head">
        <h2>{text.blocksPage.all}</h2>
        <span class="label" title={text.columnsTitle}>
          {text.columns}
        </span>
      </div>
      <BlockList past={props.past} remarks={props.remarks} zone={zone()} pointed={pointed()} />
    </div>
  );
}
