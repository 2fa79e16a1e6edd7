// The legend of the day chart: each part with its style, and its figure for the range or the pointed day.
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

interface BreakdownProps {
  history: History;
  controls: ControlsProps;
  /** The kind of the shown parts, while a response for another kind may be pending. */
  by: HistoryBy;
  measure: Measure;
  /** The amounts of the pointed day, in the same order; null for the whole range. */
  day: readonly Amount[] | null;
}

export function BreakdownList(props: BreakdownProps): JSX.Element {
  const amount = (at: number): Amount => (props.day === null ? (props.history.parts[at]?.amount ?? zeroAmount) : (props.day[at] ?? zeroAmount));
  const total = () => props.history.parts.reduce((sum, _, at) => sum + amountIn(amount(at), props.measure), 0);
  return (
    <section class="breakdown-list" aria-labelledby="parts-heading">
      <h2 class="visually-hidden" id="parts-heading">
        {text.history.parts[props.by]}
      </h2>
      <div class="section-header">
        <BreakdownPicker {...props.controls} />
        <span class="provenance">{props.measure === 'tokens' ? text.provenance.measured : text.apiEquivalent}</span>
      </div>
      <dl>
        <Index each={props.history.parts}>
          {(part, at) => (
            <div class="breakdown-list__row" data-testid="history-part">
              <dt>
                <PartSwatch history={props.history} at={at} />
                <PartName part={part()} by={props.by} />
              </dt>
              <dd>
                <PartFigure amount={amount(at)} measure={props.measure} />
                <span class="breakdown-list__share" data-figure>
                  <span class="visually-hidden">{text.provenance.measured}, </span>
                  {formatPercent(total() > 0 ? amountIn(amount(at), props.measure) / total() : 0)}
                </span>
              </dd>
            </div>
          )}
        </Index>
      </dl>
    </section>
  );
}

const zeroAmount: Amount = { tokens: 0, cost: 0 };

function PartSwatch(props: { history: History; at: number }): JSX.Element {
  const style = () => partStyle(props.history, props.at);
  return (
    <svg class="swatch" width="10" height="10" aria-hidden="true">
      <rect class={style().class} x="0.5" y="0.5" width="9" height="9" fill={style().fill} />
    </svg>
  );
}

function PartName(props: { part: HistoryPart; by: HistoryBy }): JSX.Element {
  const short = () => {
    const name = props.part.name;
    if (name === null) return props.part.count > 1 ? text.history.others(formatNumber(props.part.count), props.by, props.part.count) : text.history.noProject;
    return sanitizeName(props.by === 'model' ? shortModelName(name) : baseName(name));
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
        <LabeledFigure label={text.provenance.measured} title={text.tokens(formatNumber(props.amount.tokens))} hideLabel>
          {formatCompact(props.amount.tokens)}
        </LabeledFigure>
      }
    >
      <Show when={props.amount.cost !== null} fallback={<span data-figure>{text.unpriced}</span>}>
        <LabeledFigure label={text.apiEquivalent} hideLabel>
          {formatDollars(props.amount.cost ?? 0)}
        </LabeledFigure>
      </Show>
    </Show>
  );
}
