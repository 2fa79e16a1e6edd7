// The year to the range's last day, a square each day.
import { createMemo, Show, type JSX } from 'solid-js';
import type { History } from '../bindings/History';
import type { WeekStart } from '../bindings/WeekStart';
import { Heatmap } from '../charts/heatmap';
import { heat } from '../charts/scale';
import { text } from '../text';
import { nameOf } from './bars';
import { dayName, dayOf, firstWeekday, weekdayNames, type DayNumber } from './days';
import { byDay, measured, yearMonths, yearPlaces, type Measure } from './figures';

interface YearProps {
  /** The year, as far as it has been answered. */
  year: History | null;
  measure: Measure;
  weekStart: WeekStart;
  pointed: DayNumber | null;
  point: (day: DayNumber | null) => void;
}

export function Year(props: YearProps): JSX.Element {
  return (
    <section class="year" aria-labelledby="year-heading">
      <p class="headed">
        <span id="year-heading">{text.historyPage.yearHeading}</span>
        <span class="label">{props.measure === 'tokens' ? text.label.measured : text.apiEquivalent}</span>
      </p>
      <Show when={props.year}>{(year) => <Squares {...props} year={year()} />}</Show>
    </section>
  );
}

function Squares(props: YearProps & { year: History }): JSX.Element {
  const last = () => dayOf(props.year.to) ?? 0;
  const first = () => firstWeekday(props.weekStart);
  const places = createMemo(() => yearPlaces(last(), first()));
  const days = createMemo(() => byDay(props.year.days));
  const step = createMemo(() => heat(props.year.days.map((day) => measured(day.amount, props.measure))));
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
