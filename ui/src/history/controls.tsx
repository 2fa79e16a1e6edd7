// What a person chooses of the days: the range, what they are divided by, and what they are measured in; each stands
// at what it changes.
// Dates of one's own are typed: a calendar that opens would be another window, and take the focus from this one.
import { createSignal, Show, type JSX } from 'solid-js';
import type { HistoryBy } from '../bindings/HistoryBy';
import { Choice } from '../parts/choice';
import { text } from '../text';
import type { Measure } from './figures';
import { fault, rangeNames, type Asking, type Fault, type RangeName } from './range';

export interface Chosen {
  range: RangeName;
  /** The last two good dates. */
  own: Asking;
  by: HistoryBy;
  measure: Measure;
}

export interface ControlsProps {
  chosen: Chosen;
  choose: (change: Partial<Chosen>) => void;
}

export function ChooseRange(props: ControlsProps): JSX.Element {
  return (
    <div class="controls">
      <Choice
        label={text.historyPage.range}
        options={rangeNames.map((value) => ({ value, label: <time>{text.historyPage.ranges[value]}</time> }))}
        chosen={props.chosen.range}
        choose={(range) => props.choose({ range })}
        testid="choose-range"
      />
      <Show when={props.chosen.range === 'own'}>
        <OwnDates own={props.chosen.own} choose={(own) => props.choose({ own })} />
      </Show>
    </div>
  );
}

export function ChooseMeasure(props: ControlsProps): JSX.Element {
  return (
    <Choice
      label={text.historyPage.measure}
      options={[
        { value: 'tokens', label: text.historyPage.tokens },
        { value: 'cost', label: text.historyPage.cost },
      ]}
      chosen={props.chosen.measure}
      choose={(measure) => props.choose({ measure })}
      testid="choose-measure"
    />
  );
}

export function ChooseBy(props: ControlsProps): JSX.Element {
  return (
    <Choice
      label={text.historyPage.by}
      options={[
        { value: 'model', label: text.historyPage.parts.model },
        { value: 'project', label: text.historyPage.parts.project },
      ]}
      chosen={props.chosen.by}
      choose={(by) => props.choose({ by })}
      testid="choose-by"
    />
  );
}

/** What was typed stays as it was typed; the chart follows as soon as both are dates. */
function OwnDates(props: { own: Asking; choose: (own: Asking) => void }): JSX.Element {
  const [typed, setTyped] = createSignal({ from: props.own.from ?? '', to: props.own.to ?? '' });
  const [left, setLeft] = createSignal(false);
  const wrong = () => fault(typed().from.trim(), typed().to.trim());
  const type = (change: Partial<{ from: string; to: string }>) => {
    setTyped({ ...typed(), ...change });
    if (wrong() === null) props.choose({ from: typed().from.trim(), to: typed().to.trim() });
  };
  /** Nothing is wrong while it is still being typed. */
  const complaint = (): Fault | null => (left() ? wrong() : null);
  return (
    <div class="own-dates" onFocusIn={() => setLeft(false)} onFocusOut={() => setLeft(true)} onKeyDown={(event) => event.key === 'Enter' && setLeft(true)}>
      <DateField name="from" value={typed().from} type={(from) => type({ from })} wrong={complaint() === 'from'} />
      <DateField name="to" value={typed().to} type={(to) => type({ to })} wrong={complaint() === 'to' || complaint() === 'order'} />
      <p class="refusal" role="alert" id="dates-fault" data-testid="dates-fault">
        <Show when={complaint()}>{(what) => <>{text.historyPage.faults[what()]}</>}</Show>
      </p>
    </div>
  );
}

interface FieldProps {
  name: 'from' | 'to';
  value: string;
  type: (value: string) => void;
  wrong: boolean;
}

function DateField(props: FieldProps): JSX.Element {
  return (
    <label class="date-field">
      <span>{text.historyPage[props.name]}</span>
      <input
        class="input"
        type="text"
        dir="ltr"
        inputmode="numeric"
        autocomplete="off"
        spellcheck={false}
        maxlength={10}
        placeholder={text.historyPage.shape}
        data-testid={`date-${props.name}`}
        value={props.value}
        aria-invalid={props.wrong}
        aria-describedby={props.wrong ? 'dates-fault' : undefined}
        onInput={(event) => props.type(event.currentTarget.value)}
      />
    </label>
  );
}
