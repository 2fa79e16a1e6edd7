// The tab list. Arrow keys move and choose at once; only the chosen tab takes part in the tab order.
import { type Component, Index, type JSX, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { formatNumber } from '../lib/format';
import { text } from '../strings';
import './tabs.css';

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  /** Shown instead of the label, which stays the accessible name. */
  icon?: Component;
  /** The number of unseen items; 0 shows no badge. */
  count: number;
}

export const tabId = (id: string) => `tab-${id}`;
export const panelId = (id: string) => `panel-${id}`;

/** The largest count that fits the badge. */
const MAX_COUNT = 99;

/** Returns the index of the tab a key moves to; null for a key that does not move. */
export function nextTabIndex(key: string, from: number, count: number): number | null {
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

/** Swaps the left and right arrow keys in right-to-left text. */
export function mirrorKey(key: string, element: Element): string {
  if (getComputedStyle(element).direction !== 'rtl') return key;
  if (key === 'ArrowRight') return 'ArrowLeft';
  return key === 'ArrowLeft' ? 'ArrowRight' : key;
}

export function Tabs<Id extends string>(props: { tabs: readonly Tab<Id>[]; chosen: Id; choose: (id: Id) => void }): JSX.Element {
  const buttons = new Map<Id, HTMLButtonElement>();
  const onKeyDown = (event: KeyboardEvent & { currentTarget: Element }) => {
    const from = props.tabs.findIndex((tab) => tab.id === props.chosen);
    const to = props.tabs[nextTabIndex(mirrorKey(event.key, event.currentTarget), from, props.tabs.length) ?? -1];
    if (!to) return;
    event.preventDefault();
    props.choose(to.id);
    buttons.get(to.id)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={text.app.tabList} onKeyDown={onKeyDown}>
      <Index each={props.tabs}>
        {(tab) => (
          <button
            ref={(button) => buttons.set(tab().id, button)}
            type="button"
            role="tab"
            class="quiet-button tabs__tab"
            classList={{ 'tabs__tab--icon': tab().icon !== undefined }}
            id={tabId(tab().id)}
            data-testid={tabId(tab().id)}
            aria-selected={props.chosen === tab().id}
            aria-controls={panelId(tab().id)}
            aria-label={tab().icon && tabLabel(tab())}
            title={tab().icon && tab().label}
            tabindex={props.chosen === tab().id ? 0 : -1}
            onClick={() => props.choose(tab().id)}
          >
            <Show when={tab().icon} fallback={<span class="tabs__label">{tab().label}</span>}>
              {(icon) => <Dynamic component={icon()} />}
            </Show>
            <Show when={tab().count > 0}>
              <span class="tabs__count" aria-hidden="true" data-testid={`${tabId(tab().id)}-count`}>
                {tab().count > MAX_COUNT ? text.app.orMore(formatNumber(MAX_COUNT)) : formatNumber(tab().count)}
              </span>
            </Show>
          </button>
        )}
      </Index>
    </div>
  );
}

function tabLabel(tab: Tab<string>): string {
  return tab.count > 0 ? text.app.unseen(tab.label, formatNumber(tab.count)) : tab.label;
}
