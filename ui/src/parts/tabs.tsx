// The pages by name. Arrow keys move and show at once; only the chosen tab takes part in the tab order.
// It refuses to know what the pages are: it is handed their ids and labels.
import { For, type JSX } from 'solid-js';
import { text } from '../text';

export interface Tab {
  id: string;
  label: string;
}

export const tabId = (id: string) => `tab-${id}`;
export const panelId = (id: string) => `panel-${id}`;

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

export function Tabs(props: { tabs: readonly Tab[]; chosen: string; choose: (id: string) => void }): JSX.Element {
  const buttons = new Map<string, HTMLButtonElement>();
  const onKeyDown = (event: KeyboardEvent) => {
    const from = props.tabs.findIndex((tab) => tab.id === props.chosen);
    const to = props.tabs[moved(event.key, from, props.tabs.length) ?? -1];
    if (!to) return;
    event.preventDefault();
    props.choose(to.id);
    buttons.get(to.id)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={text.pages} onKeyDown={onKeyDown}>
      <For each={props.tabs}>
        {(tab) => (
          <button
            ref={(button) => buttons.set(tab.id, button)}
            type="button"
            role="tab"
            class="tab"
            id={tabId(tab.id)}
            data-testid={tabId(tab.id)}
            aria-selected={props.chosen === tab.id}
            aria-controls={panelId(tab.id)}
            tabindex={props.chosen === tab.id ? 0 : -1}
            onClick={() => props.choose(tab.id)}
          >
            {tab.label}
          </button>
        )}
      </For>
    </div>
  );
}
