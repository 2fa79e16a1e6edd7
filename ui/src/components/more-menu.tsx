// The menu of the window: keep it open, open it as a window, copy, share, export, about, and the way out. A menu button as in the ARIA
// authoring practices: arrow keys move, Escape and a lost focus close it.
import { createSignal, createUniqueId, type JSX, onMount, Show } from 'solid-js';
import { copyText } from '../lib/clipboard';
import { useHost, useRouting, useSnapshotStore } from '../lib/contexts';
import { figuresText } from '../lib/figures-text';
import { useKeyHandler } from '../lib/key-handlers';
import { createWindowActions, type WindowActions } from '../lib/window-actions';
import { ExportDialog } from '../share/export-dialog';
import { ShareDialog } from '../share/share-dialog';
import { text } from '../strings';
import { AboutDialog } from './about-dialog';
import { Check, Dots } from './icons';
import './more-menu.css';

type OpenDialog = 'about' | 'share' | 'export';

export function MoreMenu(): JSX.Element {
  const id = createUniqueId();
  const actions = createWindowActions(useHost(), useRouting());
  const [isOpen, setOpen] = createSignal(false);
  const [dialog, setDialog] = createSignal<OpenDialog | null>(null);
  const [note, setNote] = createSignal('');
  let button: HTMLButtonElement | undefined;
  const close = () => {
    setOpen(false);
    button?.focus();
  };
  /** Runs an item. The focus returns to the button first, so that a dialog returns it there. */
  const choose = (action: () => void) => () => {
    close();
    action();
  };
  return (
    <div class="more-menu" onFocusOut={(event) => isOpen() && leavesMenu(event) && setOpen(false)}>
      <button
        ref={(element) => (button = element)}
        type="button"
        class="button button--icon more-menu__button"
        aria-haspopup="menu"
        aria-expanded={isOpen()}
        aria-controls={isOpen() ? id : undefined}
        aria-label={text.reach.menu}
        title={text.reach.menu}
        data-testid="more-menu"
        onClick={() => setOpen(!isOpen())}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Dots />
      </button>
      <Show when={isOpen()}>
        <Menu id={id} actions={actions} close={close} choose={choose} openDialog={setDialog} setNote={setNote} />
      </Show>
      <p class="visually-hidden" role="status" data-testid="menu-note">
        {note()}
      </p>
      <Show when={dialog() === 'about'}>
        <AboutDialog onClose={() => setDialog(null)} />
      </Show>
      <Show when={dialog() === 'share'}>
        <ShareDialog onClose={() => setDialog(null)} />
      </Show>
      <Show when={dialog() === 'export'}>
        <ExportDialog by="model" range={{ from: null, to: null }} onClose={() => setDialog(null)} />
      </Show>
    </div>
  );
}

interface MenuProps {
  id: string;
  actions: WindowActions;
  close: () => void;
  choose: (action: () => void) => () => void;
  openDialog: (dialog: OpenDialog) => void;
  setNote: (note: string) => void;
}

function Menu(props: MenuProps): JSX.Element {
  const host = useHost();
  const store = useSnapshotStore();
  const { isPopover, isPinned, togglePinned, detach } = props.actions;
  const snapshot = () => store.state.snapshot;
  let menu: HTMLDivElement | undefined;
  onMount(() => items(menu)[0]?.focus());
  useKeyHandler((event) => {
    if (event.key !== 'Escape') return false;
    props.close();
    return true;
  });
  const copyFigures = async () => {
    const current = snapshot();
    if (current) props.setNote((await copyText(figuresText(current), host)) ? text.reach.figuresCopied : text.reach.copyFailed);
  };
  return (
    <div ref={(element) => (menu = element)} class="more-menu__items" role="menu" id={props.id} aria-label={text.reach.menu} onKeyDown={(event) => moveFocus(event, menu)}>
      <Show when={isPopover()}>
        <button type="button" class="more-menu__item" role="menuitemcheckbox" aria-checked={isPinned()} tabindex="-1" data-testid="keep-open" onClick={props.choose(togglePinned)}>
          <span class="more-menu__check">
            <Show when={isPinned()}>
              <Check />
            </Show>
          </span>
          {text.reach.keepOpen}
        </button>
        <Show when={!snapshot()?.isDemo}>
          <MenuItem label={text.reach.openAsWindow} testid="open-as-window" onChoose={props.choose(detach)} />
        </Show>
        <div class="more-menu__line" role="separator" />
      </Show>
      <Show when={snapshot()}>
        <MenuItem label={text.reach.copyFigures} testid="copy-figures" onChoose={props.choose(() => void copyFigures())} />
        <MenuItem label={text.reach.share} testid="share" onChoose={props.choose(() => props.openDialog('share'))} />
        <MenuItem label={text.history.exportButton} testid="export-all" onChoose={props.choose(() => props.openDialog('export'))} />
      </Show>
      <MenuItem label={text.reach.about} testid="about" onChoose={props.choose(() => props.openDialog('about'))} />
      <Show when={host.features.has('quit')}>
        <div class="more-menu__line" role="separator" />
        <MenuItem label={text.reach.quit} testid="quit" onChoose={props.choose(() => void host.quit().catch(() => undefined))} />
      </Show>
      <Show when={host.features.has('signOut')}>
        <div class="more-menu__line" role="separator" />
        <MenuItem label={text.web.signOut} testid="sign-out" onChoose={props.choose(() => void host.signOut().catch(() => props.setNote(text.web.signOutFailed)))} />
      </Show>
    </div>
  );
}

function MenuItem(props: { label: string; testid: string; onChoose: () => void }): JSX.Element {
  return (
    <button type="button" class="more-menu__item" role="menuitem" tabindex="-1" data-testid={props.testid} onClick={() => props.onChoose()}>
      <span class="more-menu__check" />
      {props.label}
    </button>
  );
}

function items(menu: HTMLElement | undefined): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('.more-menu__item') ?? [])];
}

/** Moves the focus by an arrow key, Home or End. */
function moveFocus(event: KeyboardEvent, menu: HTMLElement | undefined): void {
  const all = items(menu);
  const from = all.findIndex((item) => item === document.activeElement);
  const target: Partial<Record<string, number>> = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: -1 };
  const to = target[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all.at(to % all.length)?.focus();
}

function leavesMenu(event: FocusEvent & { currentTarget: Element }): boolean {
  return !(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget));
}
