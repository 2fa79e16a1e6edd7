// The end of the session list: how many older and hidden sessions are not listed, and a button that lists them.
import { createEffect, createSignal, type JSX, on, Show } from 'solid-js';
import { useHost } from '../../lib/contexts';
import { formatNumber } from '../../lib/format';
import { text } from '../../strings';
import { useSessions } from './sessions-context';

export function UnlistedSessions(): JSX.Element {
  const { list } = useSessions();
  const host = useHost();
  const [allCount, setAllCount] = createSignal<number | null>(null);
  const [retention, setRetention] = createSignal<number | null>(null);
  host.settings().then(
    ({ rows }) => void setRetention(wholeDays(rows.find((row) => row.key === 'monitoring.session_retention')?.value)),
    () => undefined,
  );
  const isListingAll = () => list.query().includeHidden;
  const unlisted = () => (isListingAll() ? 0 : Math.max(0, (allCount() ?? 0) - (list.count() ?? 0)));
  const isSearching = () => list.query().search.trim() !== '';
  createEffect(
    on(list.count, (count) => {
      // A search also finds older and hidden sessions.
      if (count === null || isListingAll() || isSearching()) return;
      host.sessions({ offset: 0, limit: 1, search: null, sort: 'recent', includeHidden: true }).then(
        (page) => setAllCount(page.count),
        () => undefined,
      );
    }),
  );
  return (
    <Show when={!isSearching() && (unlisted() > 0 || isListingAll())}>
      <p class="session-list__older" role="status">
        <span>{isListingAll() ? text.sessions.allListed : unlistedText(list.olderCount(), unlisted(), retention())}</span>
        <button
          type="button"
          class="button button--small"
          data-testid="show-hidden"
          data-control="unlisted"
          aria-pressed={isListingAll()}
          onClick={() => list.changeQuery({ includeHidden: !isListingAll() })}
        >
          {isListingAll() ? text.sessions.hideUnlisted : text.sessions.showUnlisted}
        </button>
      </p>
    </Show>
  );
}

/** Returns how many of the unlisted sessions are older than the retention time, and how many are hidden. */
function unlistedText(older: number, unlisted: number, days: number | null): string {
  const hidden = Math.max(0, unlisted - older);
  if (older === 0) return text.sessions.hidden(formatNumber(hidden));
  const olderText = text.sessions.older(formatNumber(older), days === null ? null : formatNumber(days));
  return hidden === 0 ? olderText : text.sessions.olderAndHidden(olderText, formatNumber(hidden));
}

/** Returns the days of a setting such as `720h`; null if it is not in whole days. */
function wholeDays(value: unknown): number | null {
  const hours = /^(\d+)h$/.exec(String(value))?.[1];
  return hours !== undefined && Number(hours) > 0 && Number(hours) % 24 === 0 ? Number(hours) / 24 : null;
}
