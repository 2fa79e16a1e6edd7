// The toolbar of the session list: search, sort order and count.
import { createEffect, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import type { SessionSort } from '../../bindings/SessionSort';
import { RadioGroup } from '../../components/radio-group';
import { SearchField } from '../../components/search-field';
import { formatNumber } from '../../lib/format';
import { text } from '../../strings';
import { useSessions } from './sessions-context';

/** Milliseconds after the last key before the search starts. */
const TYPING_DELAY = 120;

const sortOrders: readonly SessionSort[] = ['recent', 'tokens', 'cost', 'name'];

export function SessionToolbar(): JSX.Element {
  const { list } = useSessions();
  return (
    <div class="session-toolbar" role="search">
      <SessionSearch />
      <div class="session-toolbar__order">
        <RadioGroup
          label={text.sessions.sortOrder}
          options={sortOrders.map((value) => ({ value, label: text.sessions.sort[value] }))}
          chosen={list.query().sort}
          choose={(value) => list.changeQuery({ sort: value })}
          testid="sort"
        />
        <SessionCount />
      </div>
    </div>
  );
}

function SessionSearch(): JSX.Element {
  const { list } = useSessions();
  const search = () => list.query().search;
  const [typed, setTyped] = createSignal(search());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const searchFor = (value: string) => {
    setTyped(value);
    clearTimeout(timer);
    timer = setTimeout(() => list.changeQuery({ search: value }), TYPING_DELAY);
  };
  createEffect(on(search, (value) => setTyped(value), { defer: true }));
  onCleanup(() => clearTimeout(timer));
  return <SearchField label={text.sessions.search} placeholder={text.sessions.searchHint} value={typed()} onInput={searchFor} testid="search" />;
}

/** The number of sessions, or of matches during a search. */
function SessionCount(): JSX.Element {
  const { list } = useSessions();
  const count = () => list.count() ?? 0;
  const unit = () => (list.query().search.trim() === '' ? text.sessions.count : text.sessions.matchCount)(count());
  return (
    <p class="caption" role="status" data-testid="session-count">
      <Show when={list.count() !== null}>
        <strong>{formatNumber(count())}</strong> {unit()}
      </Show>
    </p>
  );
}
