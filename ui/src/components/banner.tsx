// A banner of one line: a message with a hint, a way to mend it, and a button that dismisses it. A message that does not
// fit is shown in full on request. The text can be selected and copied.
import { createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import { text } from '../strings';
import { Chevron, Cross } from './icons';
import { SanitizedText } from './sanitized-text';
import './banners.css';

interface BannerProps {
  testid: string;
  title: string;
  hint: string;
  /** Draws a warning sign. */
  isProblem?: boolean;
  /** The button that mends it. */
  children?: JSX.Element;
  dismissLabel?: string;
  dismissTestid?: string;
  onDismiss: () => void;
}

export function Banner(props: BannerProps): JSX.Element {
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  /** Moves the focus to the page, because the focused button disappears. */
  const dismiss = () => {
    props.onDismiss();
    document.querySelector<HTMLElement>('[role=tabpanel]:not([hidden])')?.focus();
  };
  const dismissLabel = () => props.dismissLabel ?? text.app.banner.dismiss;
  return (
    <section class="banner" classList={{ 'is-open': isOpen() }} aria-labelledby={`${id}-title`} data-testid={props.testid}>
      <Show when={props.isProblem}>
        <svg class="banner__mark" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 2 L14.5 13.5 H1.5 Z" />
          <path d="M8 6.4 V9.6 M8 11.4 V11.6" />
        </svg>
      </Show>
      <p class="banner__text selectable" id={`${id}-text`}>
        <span class="banner__title" id={`${id}-title`}>
          <SanitizedText value={props.title} />
        </span>{' '}
        <SanitizedText value={props.hint} />
      </p>
      {props.children}
      <button
        type="button"
        class="button button--icon banner__more"
        aria-expanded={isOpen()}
        aria-controls={`${id}-text`}
        aria-label={isOpen() ? text.app.banner.less : text.app.banner.more}
        title={isOpen() ? text.app.banner.less : text.app.banner.more}
        data-control="banner-more"
        onClick={() => setOpen(!isOpen())}
      >
        <Chevron />
      </button>
      <button type="button" class="button button--icon" aria-label={dismissLabel()} title={dismissLabel()} data-testid={props.dismissTestid ?? 'dismiss-banner'} onClick={dismiss}>
        <Cross />
      </button>
    </section>
  );
}
