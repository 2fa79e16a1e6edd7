// The legend of the day chart: each part with its color, and its figure for the range or the pointed bar.
import { Index, type JSX, Show } from 'solid-js';
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import type { HistoryBy } from '../../bindings/HistoryBy';
import type { HistoryPart } from '../../bindings/HistoryPart';
import { LabeledFigure } from '../../components/labeled-figure';
import { StackedBar, Swatch } from '../../components/stacked-bar';
import { formatCompact, formatDollars, formatNumber, formatPercent } from '../../lib/format';
import { baseName, sanitizeName, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { text } from '../../strings';
import { partStyle } from './day-chart';
import { amountIn, type Measure } from './day-chart-layout';
import { BreakdownPicker, type ControlsProps } from './history-controls';
import { distinctNames, shortPullRequest } from './part-names';

interface BreakdownProps {
  history: History;
  controls: ControlsProps;
  /** The kind of the shown parts, while a response for another kind may be pending. */
  by: HistoryBy;
  measure: Measure;
  /** The amounts of the pointed bar, in the same order; null for the whole range. */
  pointedParts: readonly Amount[] | null;
}

/** The short form of a part's name. Branches and tags are shown in full. */
const shorten: Record<HistoryBy, (name: string) => string> = {
  model: shortModelName,
  project: baseName,
  branch: (name) => name,
  tag: (name) => name,
  pullRequest: shortPullRequest,
};

const zeroAmount: Amount = { tokens: 0, cost: 0 };

export function BreakdownList(props: BreakdownProps): JSX.Element {
  const amount = (at: number): Amount => (props.pointedParts === null ? (props.history.parts[at]?.amount ?? zeroAmount) : (props.pointedParts[at] ?? zeroAmount));
  const total = () => props.history.parts.reduce((sum, _, at) => sum + amountIn(amount(at), props.measure), 0);
  const share = (at: number) => (total() > 0 ? amountIn(amount(at), props.measure) / total() : 0);
  const names = () => distinctNames(props.history.parts.map((part) => part.name), shorten[props.by]);
  return (
    <section class="card breakdown-list" aria-labelledby="parts-heading">
      <h2 class="visually-hidden" id="parts-heading">
        {text.history.parts[props.by]}
      </h2>
      <BreakdownPicker {...props.controls} />
      <PartsBar history={props.history} share={share} />
      <dl>
        <Index each={props.history.parts}>
          {(part, at) => (
            <div class="breakdown-list__row" data-testid="history-part">
              <dt>
                <Swatch {...partStyle(props.history, at)} />
                <PartName part={part()} name={names()[at] ?? null} by={props.by} />
              </dt>
              <dd>
                <PartFigure amount={amount(at)} measure={props.measure} />
                <span class="breakdown-list__share" data-figure>
                  <span class="visually-hidden">{text.provenance.measured}, </span>
                  {formatPercent(share(at))}
                </span>
              </dd>
            </div>
          )}
        </Index>
      </dl>
    </section>
  );
}

/** The shares of the parts side by side. */
function PartsBar(props: { history: History; share: (at: number) => number }): JSX.Element {
  const start = (at: number) => props.history.parts.slice(0, at).reduce((sum, _, before) => sum + props.share(before), 0);
  const parts = () => props.history.parts.map((_, at) => ({ start: start(at), width: props.share(at), ...partStyle(props.history, at) }));
  return <StackedBar class="breakdown-list__bar" parts={parts()} />;
}

function PartName(props: { part: HistoryPart; name: string | null; by: HistoryBy }): JSX.Element {
  const short = () => {
    if (props.name !== null) return sanitizeName(props.name);
    return props.part.count > 1 ? text.history.others(formatNumber(props.part.count), props.by, props.part.count) : text.history.withoutName[props.by];
  };
  return (
    <span class="breakdown-list__name" title={sanitizeTitle(props.part.name ?? short())}>
      <bdi class="truncated">{short()}</bdi>
    </span>
  );
}

function PartFigure(props: { amount: Amount; measure: Measure }): JSX.Element {
  return (
    <Show
      when={props.measure === 'cost'}
      fallback={
        <LabeledFigure label={text.provenance.measured} title={text.tokens(formatNumber(props.amount.tokens))}>
          {formatCompact(props.amount.tokens)}
        </LabeledFigure>
      }
    >
      <Show when={props.amount.cost !== null} fallback={<span data-figure>{text.unpriced}</span>}>
        <LabeledFigure label={text.apiEquivalent} title={text.apiEquivalentTitle}>
          {formatDollars(props.amount.cost ?? 0)}
        </LabeledFigure>
      </Show>
    </Show>
  );
}
