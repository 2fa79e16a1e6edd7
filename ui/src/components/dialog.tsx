// A modal dialog with a heading and a button that closes it. Escape closes the dialog, not the window; the focus returns to
// the element that had it.
import { createUniqueId, type JSX, onCleanup, onMount } from 'solid-js';
import { useKeyHandler } from '../lib/key-handlers';
import { text } from '../strings';
import { Cross } from './icons';
import './dialog.css';

interface DialogProps {
  title: string;
  testid: string;
  /** True for a dialog as wide as the window allows. */
  isWide?: boolean;
  onClose: () => void;
  children: JSX.Element;
}

export function Dialog(props: DialogProps): JSX.Element {
  const id = createUniqueId();
  const focused = document.activeElement;
  let dialog: HTMLDialogElement | undefined;
  onMount(() => dialog?.showModal());
  onCleanup(() => {
    // Nothing behind a modal dialog takes the focus.
    dialog?.close();
    if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
  });
  useKeyHandler((event) => {
    if (event.key !== 'Escape') return false;
    props.onClose();
    return true;
  });
  return (
    <dialog
      ref={(element) => (dialog = element)}
      class="dialog"
      classList={{ 'dialog--wide': props.isWide === true }}
      aria-labelledby={id}
      data-testid={props.testid}
      onCancel={(event) => event.preventDefault()}
    >
      <div class="dialog__header">
        <h2 id={id}>{props.title}</h2>
        <button type="button" class="button button--icon" aria-label={text.reach.close} title={text.reach.close} data-testid="close-dialog" onClick={() => props.onClose()}>
          <Cross />
        </button>
      </div>
      {props.children}
    </dialog>
  );
}
