// The legend of the day chart: each part with its color, and its figure for the range or the pointed bar.
import { Index, type JSX, Show } from 'solid-js';
import type { Amount } from '../../bindings/Amount';
import type { History } from '../../bindings/History';
import type { HistoryBy } from '../../bindings/HistoryBy';
import type { HistoryPart } from '../../bindings/HistoryPart';
import { LabeledFigure } from '../../components/labeled-figure';
import { formatCompact, formatDollars, formatNumber, formatPercent } from '../../lib/format';
import { baseName, sanitizeName, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { text } from '../../strings';
import { partStyle } from './day-chart';
import { amountIn, type Measure } from './day-chart-layout';
import { BreakdownPicker, type ControlsProps } from './history-controls';
import { distinctNames } from './project-names';

interface BreakdownProps {
  history: History;
  controls: ControlsProps;
  /** The kind of the shown parts, while a response for another kind may be pending. */
  by: HistoryBy;
  measure: Measure;
  /** The amounts of the pointed bar, in the same order; null for the whole range. */
  pointedParts: readonly Amount[] | null;
}

const zeroAmount: Amount = { tokens: 0, cost: 0 };

export function BreakdownList(props: BreakdownProps): JSX.Element {
  const amount = (at: number): Amount => (props.pointedParts === null ? (props.history.parts[at]?.amount ?? zeroAmount) : (props.pointedParts[at] ?? zeroAmount));
  const total = () => props.history.parts.reduce((sum, _, at) => sum + amountIn(amount(at), props.measure), 0);
  const share = (at: number) => (total() > 0 ? amountIn(amount(at), props.measure) / total() : 0);
  const names = () => distinctNames(props.history.parts.map((part) => part.name), props.by === 'model' ? shortModelName : baseName);
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
                <PartSwatch history={props.history} at={at} />
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
  return (
    <svg class="kind-bar breakdown-list__bar" width="100%" height="10" aria-hidden="true">
      <Index each={props.history.parts}>
        {(_, at) => (
          <rect
            class={`kind-bar__segment ${partStyle(props.history, at).class}`}
            x={`${(start(at) * 100).toFixed(2)}%`}
            width={`${(props.share(at) * 100).toFixed(2)}%`}
            height="10"
            fill={partStyle(props.history, at).fill}
          />
        )}
      </Index>
    </svg>
  );
}

function PartSwatch(props: { history: History; at: number }): JSX.Element {
  const style = () => partStyle(props.history, props.at);
  return (
    <svg class="swatch" width="8" height="8" aria-hidden="true">
      <rect class={style().class} width="8" height="8" rx="2" fill={style().fill} />
    </svg>
  );
}

function PartName(props: { part: HistoryPart; name: string | null; by: HistoryBy }): JSX.Element {
  const short = () => {
    if (props.name !== null) return sanitizeName(props.name);
    return props.part.count > 1 ? text.history.others(formatNumber(props.part.count), props.by, props.part.count) : text.history.noProject;
  };
  return (
    <span class="breakdown-list__name" title={sanitizeTitle(props.part.name ?? short())}>
      <bdi>{short()}</bdi>
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
