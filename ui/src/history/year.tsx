// The year to the range's last day, a square each day.
import { createMemo, Show, type JSX } from 'solid-js';
import type { Asked } from '../asked';
import type { History } from '../bindings/History';
import type { WeekStart } from '../bindings/WeekStart';
import { Heatmap } from '../charts/heatmap';
import { heat } from '../charts/scale';
import { OldAnswer } from '../parts/asked-notes';
import { text } from '../text';
import { nameOf } from './bars';
import { dayName, dayOf, firstWeekday, weekdayNames, type DayNumber } from './days';
import { byDay, measured, yearMonths, yearPlaces, type Measure } from './figures';

interface YearProps {
  year: Asked<History>;
  measure: Measure;
  weekStart: WeekStart;
  pointed: DayNumber | null;
  point: (day: DayNumber | null) => void;
}

export function Year(props: YearProps): JSX.Element {
  return (
    <section class="year" aria-labelledby="year-heading">
      <div class="headed">
        <h2 id="year-heading">{text.historyPage.yearHeading}</h2>
        <span class="label">{props.measure === 'tokens' ? text.label.measured : text.apiEquivalent}</span>
      </div>
      <OldAnswer failure={props.year.failure()} words={props.year.answer() === null ? text.historyPage.yearFailed : undefined} again={() => props.year.again()} />
      <Show when={props.year.answer()}>{(year) => <Squares {...props} history={year()} />}</Show>
    </section>
  );
}

function Squares(props: YearProps & { history: History }): JSX.Element {
  const last = () => dayOf(props.history.to) ?? 0;
  const first = () => firstWeekday(props.weekStart);
  const places = createMemo(() => yearPlaces(last(), first()));
  const days = createMemo(() => byDay(props.history.days));
  const step = createMemo(() => heat(props.history.days.map((day) => measured(day.amount, props.measure))));
  const cells = createMemo(() =>
    places().map((place) => {
      const amount = days().get(place.day)?.amount ?? null;
      const value = amount === null ? 0 : measured(amount, props.measure);
      return { week: place.week, day: place.row, step: step()(value), name: nameOf(place.day, amount) };
    }),
  );
  const pointed = () => {
    const index = last() - (props.pointed ?? Infinity);
    return index >= 0 && index < places().length ? index : null;
  };
  return (
    <Heatmap
      label={text.historyPage.year(dayName(last()))}
      cells={cells()}
      weeks={(places()[0]?.week ?? 0) + 1}
      months={yearMonths(places())}
      days={weekdayNames(first())}
      pointed={pointed()}
      point={(index) => props.point(index === null ? null : (places()[index]?.day ?? null))}
    />
  );
}
