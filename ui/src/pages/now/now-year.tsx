// The year as a heatmap, in a wide window. Its heading shows the pointed day.
import { createMemo, createSignal, type JSX } from 'solid-js';
import { firstWeekday, parseDay, toIsoDate, yearStart } from '../../lib/calendar-day';
import { useHost, useSnapshot } from '../../lib/contexts';
import { createQuery, refetchOnRevision } from '../../lib/query';
import type { DaySpan } from '../history/history-bins';
import { YearHeatmap } from '../history/year-heatmap';

export function NowYear(): JSX.Element {
  const host = useHost();
  const snapshot = useSnapshot();
  const weekStart = () => snapshot().display.weekStart;
  const today = createMemo(() => parseDay(snapshot().today.date) ?? 0);
  const first = createMemo(() => toIsoDate(yearStart(today(), firstWeekday(weekStart()))));
  const year = createQuery(first, (from) => host.history(from, null, 'model'));
  const [pointed, setPointed] = createSignal<DaySpan | null>(null);
  refetchOnRevision(snapshot, () => year.failure() !== null, () => year.refetch());
  return (
    <div class="now-year">
      <YearHeatmap year={year} measure="tokens" weekStart={weekStart()} pointed={pointed()} onPoint={setPointed} showsPointed />
    </div>
  );
}
