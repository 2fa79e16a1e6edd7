// A button that copies a text, and confirms it for a moment.
import { createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { copyText } from '../lib/clipboard';
import { useHost } from '../lib/contexts';
import { text } from '../strings';
import { Copy } from './icons';

/** Milliseconds for which the button confirms the copy. */
const CONFIRMATION_TIME = 2_000;

interface CopyProps {
  value: string;
  /** The accessible name of a button that shows only its icon. */
  label?: string;
  testid?: string;
}

export function CopyButton(props: CopyProps): JSX.Element {
  const host = useHost();
  const [isCopied, setCopied] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copy = async () => {
    if (!(await copyText(props.value, host))) return;
    setCopied(true);
    clearTimeout(timer);
    timer = setTimeout(() => setCopied(false), CONFIRMATION_TIME);
  };
  onCleanup(() => clearTimeout(timer));
  return (
    <button
      type="button"
      class={props.label === undefined ? 'button button--small' : 'button button--icon'}
      classList={{ 'is-copied': isCopied() }}
      title={props.label}
      data-testid={props.testid}
      onClick={() => void copy()}
    >
      <Copy />
      <Show when={props.label} fallback={<span role="status">{isCopied() ? text.copied : text.copy}</span>}>
        {(label) => (
          <>
            <bdi class="visually-hidden">{label()}</bdi>
            <span class="visually-hidden" role="status">
              {isCopied() ? text.copied : ''}
            </span>
          </>
        )}
      </Show>
    </button>
  );
}
