// A heading or a line of a card that opens a page. The rest of the card opens it too, which `openOnClick` does.
import type { JSX } from 'solid-js';
import type { Route } from '../bindings/Route';
import { useRouting } from '../lib/contexts';
import { text } from '../strings';
import { Chevron } from './icons';
import './card-link.css';

interface CardLinkProps {
  to: Route;
  testid?: string;
  children: JSX.Element;
}

export function CardLink(props: CardLinkProps): JSX.Element {
  const routing = useRouting();
  const page = () => text.app.tabs[props.to.page === 'session' ? 'sessions' : props.to.page];
  return (
    <button type="button" class="card-link" data-control="card-link" data-testid={props.testid} title={text.open(page())} onClick={() => routing.go(props.to)}>
      {props.children}
      <Chevron />
    </button>
  );
}

/** Elements with an effect of their own. */
const CONTROLS = 'button, input, a, [role="listbox"]';

/** Returns a handler for clicks beside the controls of a card. A click that ends a text selection opens nothing. */
export function openOnClick(open: () => void): (event: MouseEvent) => void {
  return (event) => {
    const isControl = event.target instanceof Element && event.target.closest(CONTROLS) !== null;
    if (!isControl && (getSelection()?.isCollapsed ?? true)) open();
  };
}
