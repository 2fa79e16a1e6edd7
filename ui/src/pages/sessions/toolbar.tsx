// The toolbar of the session list: search, sort order and count. `/` focuses the search field from
// anywhere on the page.
import { createEffect, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import type { SessionSort } from '../../bindings/SessionSort';
import { RadioGroup } from '../../components/radio-group';
import { formatNumber } from '../../lib/format';
import { hasNoModifier, isTextField, useKeyHandler } from '../../lib/key-handlers';
import { text } from '../../strings';
import { useSessions } from './sessions-context';

/** Milliseconds after the last key before the search starts. */
const TYPING_DELAY = 120;

const sortOrders: readonly SessionSort[] = ['recent', 'tokens', 'cost', 'name'];

export function SessionToolbar(): JSX.Element {
  const { list } = useSessions();
  return (
    <div class="session-toolbar" role="search">
      <div class="session-toolbar__fields">
        <SearchField />
      </div>
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

function SearchField(): JSX.Element {
  const { list } = useSessions();
  const search = () => list.query().search;
  const [typed, setTyped] = createSignal(search());
  let field!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const searchFor = (value: string) => {
    setTyped(value);
    clearTimeout(timer);
    timer = setTimeout(() => list.changeQuery({ search: value }), TYPING_DELAY);
  };
  createEffect(on(search, (value) => setTyped(value), { defer: true }));
  useKeyHandler((event) => {
    if (event.key === '/' && hasNoModifier(event) && !isTextField(event.target)) {
      field.focus();
      field.select();
      return true;
    }
    // The first Escape clears the search, the next one closes the popover.
    if (event.key !== 'Escape' || typed() === '') return false;
    searchFor('');
    return true;
  });
  onCleanup(() => clearTimeout(timer));
  return (
    <input
      ref={(element) => (field = element)}
      class="input"
      type="search"
      aria-label={text.sessions.search}
      placeholder={text.sessions.searchHint}
      autocomplete="off"
      spellcheck={false}
      data-testid="search"
      value={typed()}
      onInput={(event) => searchFor(event.currentTarget.value)}
    />
  );
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
        <Show when={list.olderCount() > 0}>{text.sessions.older(formatNumber(list.olderCount()), list.olderCount())}</Show>
      </Show>
    </p>
  );
}
