// What stands above the list: the search, the order, whether hidden ones are shown, and how many there are.
// Arrow keys choose an order at once; `/` leads to the search from anywhere on the page.
import { createEffect, createSignal, on, onCleanup, Show, type JSX } from 'solid-js';
import type { SessionSort } from '../bindings/SessionSort';
import { exact } from '../format';
import { hearKeys, isPlain, isTyping } from '../keys';
import { Choice } from '../parts/choice';
import { Eye } from '../parts/icons';
import { text } from '../text';
import type { Listing } from './listing';

/** Long enough to join quick typing, short enough to feel like none. */
const TYPING = 120;

const orders: readonly SessionSort[] = ['recent', 'tokens', 'cost', 'name'];

export function Toolbar(props: { listing: Listing }): JSX.Element {
  const wish = () => props.listing.wish();
  return (
    <div class="search" role="search">
      <div class="pair search-head">
        <Count listing={props.listing} />
        <p class="label" title={text.columnsTitle}>
          {text.columns}
        </p>
      </div>
      <div class="search-fields">
        <Search listing={props.listing} />
        <button
          type="button"
          class="button square"
          aria-label={text.sessions.hiddenToo}
          aria-pressed={wish().hiddenToo}
          title={text.sessions.hiddenToo}
          data-testid="hidden-too"
          onClick={() => props.listing.look({ hiddenToo: !wish().hiddenToo })}
        >
          <Eye open={wish().hiddenToo} />
        </button>
      </div>
      <Choice
        label={text.sessions.order}
        options={orders.map((value) => ({ value, label: text.sessions.sort[value] }))}
        chosen={wish().sort}
        choose={(value) => props.listing.look({ sort: value })}
        testid="sort"
      />
    </div>
  );
}

function Search(props: { listing: Listing }): JSX.Element {
  const sought = () => props.listing.wish().search;
  const [typed, setTyped] = createSignal(sought());
  let field!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (value: string) => {
    setTyped(value);
    clearTimeout(timer);
    timer = setTimeout(() => props.listing.look({ search: value }), TYPING);
  };
  createEffect(on(sought, (search) => setTyped(search), { defer: true }));
  hearKeys((event) => {
    if (event.key === '/' && isPlain(event) && !isTyping(event.target)) {
      field.focus();
      field.select();
      return true;
    }
    // The first Escape takes the search back, the next one closes the popover.
    if (event.key !== 'Escape' || typed() === '') return false;
    look('');
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
      onInput={(event) => look(event.currentTarget.value)}
    />
  );
}

/** How many there are leads the page; while something is sought, how many match. */
function Count(props: { listing: Listing }): JSX.Element {
  const count = () => props.listing.count() ?? 0;
  const words = () => (props.listing.wish().search.trim() === '' ? text.sessions.count : text.sessions.found)(count());
  return (
    <p class="lead" role="status" data-testid="session-count">
      <Show when={props.listing.count() !== null}>
        <strong class="figure">{exact(count())}</strong> <span class="unit">{words()}</span>
      </Show>
    </p>
  );
}
