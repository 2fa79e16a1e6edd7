// The controls of the History page: range, split and measure. Custom dates are typed: a native date picker would open a
// window, which takes the focus.
import { createSignal, type JSX, Show } from 'solid-js';
import type { HistoryBy } from '../../bindings/HistoryBy';
import { RadioGroup } from '../../components/radio-group';
import { ExportDialog } from '../../share/export-dialog';
import { text } from '../../strings';
import { type DateError, type DateRange, type RangeName, rangeNames, validateDates } from './date-range';
import type { Measure } from './day-chart-layout';

const splits: readonly HistoryBy[] = ['model', 'project', 'branch', 'tag', 'pullRequest'];

export interface HistoryChoice {
  range: RangeName;
  /** The last two valid dates. */
  customDates: DateRange;
  by: HistoryBy;
  measure: Measure;
}

export interface ControlsProps {
  choice: HistoryChoice;
  onChange: (change: Partial<HistoryChoice>) => void;
}

export function RangePicker(props: ControlsProps & { range: DateRange }): JSX.Element {
  return (
    <div class="history__controls">
      <RadioGroup
        label={text.history.range}
        options={rangeNames.map((value) => ({ value, label: <time>{text.history.ranges[value]}</time> }))}
        chosen={props.choice.range}
        choose={(range) => props.onChange({ range })}
        testid="choose-range"
      />
      <div class="history__choices">
        <MeasurePicker {...props} />
        <ExportButton by={props.choice.by} range={props.range} />
      </div>
      <Show when={props.choice.range === 'custom'}>
        <CustomDates dates={props.choice.customDates} onChange={(customDates) => props.onChange({ customDates })} />
      </Show>
    </div>
  );
}

function CostLabel(): JSX.Element {
  return (
    <>
      <span aria-hidden="true">$</span>
      <span class="visually-hidden">{text.history.cost}</span>
    </>
  );
}

function MeasurePicker(props: ControlsProps): JSX.Element {
  return (
    <RadioGroup
      label={text.history.measure}
      options={[
        { value: 'tokens', label: text.history.tokens },
        { value: 'cost', label: <CostLabel /> },
      ]}
      chosen={props.choice.measure}
      choose={(measure) => props.onChange({ measure })}
      testid="choose-measure"
    />
  );
}

export function BreakdownPicker(props: ControlsProps): JSX.Element {
  return (
    <RadioGroup
      label={text.history.splitBy}
      options={splits.map((value) => ({ value, label: text.history.split[value] }))}
      chosen={props.choice.by}
      choose={(by) => props.onChange({ by })}
      testid="choose-by"
    />
  );
}

/** Two date fields. The typed text is kept, and the chart updates once both are valid. */
function CustomDates(props: { dates: DateRange; onChange: (dates: DateRange) => void }): JSX.Element {
  const [typed, setTyped] = createSignal({ from: props.dates.from ?? '', to: props.dates.to ?? '' });
  const [isLeft, setLeft] = createSignal(false);
  const error = () => validateDates(typed().from.trim(), typed().to.trim());
  const update = (change: Partial<{ from: string; to: string }>) => {
    setTyped({ ...typed(), ...change });
    if (error() === null) props.onChange({ from: typed().from.trim(), to: typed().to.trim() });
  };
  /** Shows no error while the user is still typing. */
  const shownError = (): DateError | null => (isLeft() ? error() : null);
  return (
    <div class="custom-dates" onFocusIn={() => setLeft(false)} onFocusOut={() => setLeft(true)} onKeyDown={(event) => event.key === 'Enter' && setLeft(true)}>
      <DateField name="from" value={typed().from} onInput={(from) => update({ from })} isInvalid={shownError() === 'from'} />
      <DateField name="to" value={typed().to} onInput={(to) => update({ to })} isInvalid={shownError() === 'to' || shownError() === 'order'} />
      <p class="refusal" role="alert" id="date-error" data-testid="date-error">
        <Show when={shownError()}>{(kind) => <>{text.history.dateErrors[kind()]}</>}</Show>
      </p>
    </div>
  );
}

interface DateFieldProps {
  name: 'from' | 'to';
  value: string;
  onInput: (value: string) => void;
  isInvalid: boolean;
}

function DateField(props: DateFieldProps): JSX.Element {
  return (
    <label class="custom-dates__field">
      <span>{text.history[props.name]}</span>
      <input
        class="input"
        type="text"
        dir="ltr"
        inputmode="numeric"
        autocomplete="off"
        spellcheck={false}
        maxlength={10}
        placeholder={text.history.datePlaceholder}
        data-testid={`date-${props.name}`}
        value={props.value}
        aria-invalid={props.isInvalid}
        aria-describedby={props.isInvalid ? 'date-error' : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </label>
  );
}

/** A button that exports the shown days. */
function ExportButton(props: { by: HistoryBy; range: DateRange }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <>
      <button type="button" class="button button--small" aria-haspopup="dialog" data-testid="export" onClick={() => setOpen(true)}>
        {text.history.exportButton}
      </button>
      <Show when={isOpen()}>
        <ExportDialog by={props.by} range={props.range} onClose={() => setOpen(false)} />
      </Show>
    </>
  );
}
