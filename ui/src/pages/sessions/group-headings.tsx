// The headings of the session groups, with the number of sessions and their sums where all of them are known.
import { For, type JSX } from 'solid-js';
import type { SessionStats } from '../../bindings/SessionStats';
import { LabeledFigure } from '../../components/labeled-figure';
import { formatCompact, formatDollars, formatNumber } from '../../lib/format';
import { text } from '../../strings';
import type { GroupHeading } from './session-groups';
import { useSessions } from './sessions-context';
import { HEADING_HEIGHT, type ListLayout, rowTop } from './virtual-list';

export function GroupHeadings(props: { headings: readonly GroupHeading[]; layout: ListLayout }): JSX.Element {
  const { list } = useSessions();
  const end = (at: number) => props.headings[at + 1]?.index ?? list.count() ?? 0;
  const rows = (at: number) => Array.from({ length: end(at) - (props.headings[at]?.index ?? 0) }, (_, offset) => list.row((props.headings[at]?.index ?? 0) + offset));
  return (
    <For each={props.headings}>
      {(heading, at) => (
        <div class="session-list__heading" style={{ transform: `translateY(${rowTop(heading.index, props.layout) - HEADING_HEIGHT}px)` }} data-testid="session-group">
          <h2>{text.sessions.groups[heading.group]}</h2>
          <LabeledFigure class="tiny" label={`${text.provenance.measured}, ${text.apiEquivalent}`}>
            {[formatNumber(end(at()) - heading.index), ...groupSums(rows(at()))].join(' · ')}
          </LabeledFigure>
        </div>
      )}
    </For>
  );
}

/** Returns the tokens and the cost of a group; nothing if one of its sessions is not loaded. */
function groupSums(rows: readonly (SessionStats | null)[]): string[] {
  const sessions = rows.filter((row) => row !== null);
  if (sessions.length < rows.length) return [];
  const tokens = formatCompact(sessions.reduce((sum, session) => sum + session.totalTokens, 0));
  if (sessions.some((session) => session.totalCost === null || session.unpricedTokens > 0)) return [tokens];
  return [tokens, formatDollars(sessions.reduce((sum, session) => sum + (session.totalCost ?? 0), 0))];
}
