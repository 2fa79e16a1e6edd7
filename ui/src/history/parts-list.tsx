// The legend of the bars: every part with its look, and its figure for the range or for the day that is pointed at.
import { Index, Show, type JSX } from 'solid-js';
import type { Amount } from '../bindings/Amount';
import type { History } from '../bindings/History';
import type { HistoryBy } from '../bindings/HistoryBy';
import type { HistoryPart } from '../bindings/HistoryPart';
import { compact, dollars, exact, share } from '../format';
import { Labelled } from '../parts/labelled';
import { baseName, plain, plainTitle, shortModel } from '../plain';
import { text } from '../text';
import { toneOf } from './bars';
import { ChooseBy, type ControlsProps } from './controls';
import { measured, type Measure } from './figures';

interface PartsProps {
  history: History;
  controls: ControlsProps;
  /** What these parts are, which another choice may be on its way to change. */
  by: HistoryBy;
  measure: Measure;
  /** The parts of the day that is pointed at, in the same order. */
  day: readonly Amount[] | null;
}

export function PartsList(props: PartsProps): JSX.Element {
  const amount = (at: number): Amount => (props.day === null ? (props.history.parts[at]?.amount ?? none) : (props.day[at] ?? none));
  const all = () => props.history.parts.reduce((sum, _, at) => sum + measured(amount(at), props.measure), 0);
  return (
    <section class="parts" aria-labelledby="parts-heading">
      <h2 class="heard" id="parts-heading">
        {text.historyPage.parts[props.by]}
      </h2>
      <div class="headed">
        <ChooseBy {...props.controls} />
        <span class="label">{props.measure === 'tokens' ? text.label.measured : text.apiEquivalent}</span>
      </div>
      <dl>
        <Index each={props.history.parts}>
          {(part, at) => (
            <div class="part-row" data-testid="history-part">
              <dt>
                <Look history={props.history} at={at} />
                <Name part={part()} by={props.by} />
              </dt>
              <dd>
                <PartFigure amount={amount(at)} measure={props.measure} />
                <span class="part-share" data-figure>
                  <span class="heard">{text.label.measured}, </span>
                  {share(all() > 0 ? measured(amount(at), props.measure) / all() : 0)}
                </span>
              </dd>
            </div>
          )}
        </Index>
      </dl>
    </section>
  );
}

const none: Amount = { tokens: 0, cost: 0 };

function Look(props: { history: History; at: number }): JSX.Element {
  const look = () => toneOf(props.history, props.at);
  return (
    <svg class="swatch" width="10" height="10" aria-hidden="true">
      <rect class={look().class} x="0.5" y="0.5" width="9" height="9" fill={look().fill} />
    </svg>
  );
}

function Name(props: { part: HistoryPart; by: HistoryBy }): JSX.Element {
  const short = () => {
    const name = props.part.name;
    if (name === null) return props.part.count > 1 ? text.historyPage.others(exact(props.part.count), props.by, props.part.count) : text.historyPage.noProject;
    return plain(props.by === 'model' ? shortModel(name) : baseName(name));
  };
  return (
    <span class="part-word" title={plainTitle(props.part.name ?? short())}>
      <bdi>{short()}</bdi>
    </span>
  );
}

function PartFigure(props: { amount: Amount; measure: Measure }): JSX.Element {
  return (
    <Show
      when={props.measure === 'cost'}
      fallback={
        <Labelled label={text.label.measured} title={text.tokens(exact(props.amount.tokens))} heard>
          {compact(props.amount.tokens)}
        </Labelled>
      }
    >
      <Show when={props.amount.cost !== null} fallback={<span data-figure>{text.unpriced}</span>}>
        <Labelled label={text.apiEquivalent} heard>
          {dollars(props.amount.cost ?? 0)}
        </Labelled>
      </Show>
    </Show>
  );
}
