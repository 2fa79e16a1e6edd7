// The pages by name. Arrow keys move and show at once; only the chosen tab takes part in the tab order.
// It refuses to know what the pages are: it is handed their ids and labels.
import { Index, Show, type Component, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { exact } from '../format';
import type { PageId } from '../route';
import { text } from '../text';

export interface Tab {
  id: PageId;
  label: string;
  /** Seen in the label's place. */
  icon?: Component;
  /** What waits on the page; none is not shown. */
  count: number;
}

export const tabId = (id: PageId) => `tab-${id}`;
export const panelId = (id: PageId) => `panel-${id}`;

/** More than two digits do not fit a badge. */
const MOST = 99;

/** Where a key leads from a tab; null for a key that does not move. */
export function moved(key: string, from: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return (from + 1) % count;
    case 'ArrowLeft':
      return (from + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** The key as it would be where lines run from left to right. */
export function mirrored(key: string, element: Element): string {
  if (getComputedStyle(element).direction !== 'rtl') return key;
  if (key === 'ArrowRight') return 'ArrowLeft';
  return key === 'ArrowLeft' ? 'ArrowRight' : key;
}

export function Tabs(props: { tabs: readonly Tab[]; chosen: PageId; choose: (id: PageId) => void }): JSX.Element {
  const buttons = new Map<PageId, HTMLButtonElement>();
  const onKeyDown = (event: KeyboardEvent & { currentTarget: Element }) => {
    const from = props.tabs.findIndex((tab) => tab.id === props.chosen);
    const to = props.tabs[moved(mirrored(event.key, event.currentTarget), from, props.tabs.length) ?? -1];
    if (!to) return;
    event.preventDefault();
    props.choose(to.id);
    buttons.get(to.id)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={text.pages} onKeyDown={onKeyDown}>
      <Index each={props.tabs}>
        {(tab) => (
          <button
            ref={(button) => buttons.set(tab().id, button)}
            type="button"
            role="tab"
            class="tab"
            classList={{ pictured: tab().icon !== undefined }}
            id={tabId(tab().id)}
            data-testid={tabId(tab().id)}
            aria-selected={props.chosen === tab().id}
            aria-controls={panelId(tab().id)}
            aria-label={tab().icon && spoken(tab())}
            title={tab().icon && tab().label}
            tabindex={props.chosen === tab().id ? 0 : -1}
            onClick={() => props.choose(tab().id)}
          >
            <Show when={tab().icon} fallback={<span class="tab-label">{tab().label}</span>}>
              {(icon) => <Dynamic component={icon()} />}
            </Show>
            <Show when={tab().count > 0}>
              <span class="tab-count" aria-hidden="true" data-testid={`${tabId(tab().id)}-count`}>
                {tab().count > MOST ? text.orMore(exact(MOST)) : exact(tab().count)}
              </span>
            </Show>
          </button>
        )}
      </Index>
    </div>
  );
}

function spoken(tab: Tab): string {
  return tab.count > 0 ? text.unseen(tab.label, exact(tab.count)) : tab.label;
}
