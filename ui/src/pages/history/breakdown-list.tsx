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

/** The name of a part as it is shown, and in full. */
export interface PartLabel {
  short: string;
  full: string;
}

interface PartsListProps {
  history: History;
  /** The accessible heading. */
  heading: string;
  /** The choice of the parts. */
  picker: JSX.Element;
  /** The names of the parts, in the order of the history. */
  labels: readonly PartLabel[];
  measure: Measure;
  /** The amounts of the pointed bar, in the same order; null for the whole range. */
  pointedParts: readonly Amount[] | null;
}

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
  const labels = () => {
    const names = distinctNames(props.history.parts.map((part) => part.name), shorten[props.by]);
    return props.history.parts.map((part, at) => partLabel(part, names[at] ?? null, props.by));
  };
  return <PartsList {...props} heading={text.history.parts[props.by]} picker={<BreakdownPicker {...props.controls} />} labels={labels()} />;
}

function partLabel(part: HistoryPart, name: string | null, by: HistoryBy): PartLabel {
  const unnamed = () => (part.count > 1 ? text.history.others(formatNumber(part.count), by, part.count) : text.history.withoutName[by]);
  const short = name === null ? unnamed() : sanitizeName(name);
  return { short, full: part.name ?? short };
}

/** The parts of a history with their figures, and the choice of parts above them. */
export function PartsList(props: PartsListProps): JSX.Element {
  const amount = (at: number): Amount => (props.pointedParts === null ? (props.history.parts[at]?.amount ?? zeroAmount) : (props.pointedParts[at] ?? zeroAmount));
  const total = () => props.history.parts.reduce((sum, _, at) => sum + amountIn(amount(at), props.measure), 0);
  const share = (at: number) => (total() > 0 ? amountIn(amount(at), props.measure) / total() : 0);
  return (
    <section class="card breakdown-list" aria-labelledby="parts-heading">
      <h2 class="visually-hidden" id="parts-heading">
        {props.heading}
      </h2>
      {props.picker}
      <PartsBar history={props.history} share={share} />
      <dl>
        <Index each={props.history.parts}>
          {(_, at) => (
            <div class="breakdown-list__row" data-testid="history-part">
              <dt>
                <Swatch {...partStyle(props.history, at)} />
                <PartName label={props.labels[at]} />
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

function PartName(props: { label: PartLabel | undefined }): JSX.Element {
  return (
    <span class="breakdown-list__name" title={sanitizeTitle(props.label?.full ?? '')}>
      <bdi class="truncated">{props.label?.short}</bdi>
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
