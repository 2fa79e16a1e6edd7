// The address of an exported history, with the parameters of `token-monitor export`. Pure.
import type { HistoryBy } from '../../bindings/HistoryBy';
import type { HistoryExport } from '../host';

/** The names of the properties on the command line. */
const propertyNames: Record<HistoryBy, string> = { model: 'model', project: 'project', branch: 'branch', tag: 'tag', pullRequest: 'pr' };

export function exportUrl({ format, by, from, to }: HistoryExport): string {
  const dates = [
    ['since', from],
    ['until', to],
  ].flatMap(([name, day]) => (day === null ? [] : [`&${name}=${day}`]));
  return `/api/v1/export?format=${format}&by=day&by=${propertyNames[by]}${dates.join('')}`;
}
