// Gives a session a name. Enter saves, Escape leaves all as it was; why a name was refused is said at once.
// It refuses only a blank name itself: what else a name may be is the engine's to say.
import { createSignal, createUniqueId, onMount, Show, type JSX } from 'solid-js';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { SessionStats } from '../bindings/SessionStats';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { Plain } from '../parts/plain';
import { plain } from '../plain';
import { text } from '../text';

interface RenameProps {
  session: SessionStats;
  host: Host;
  renamed: (metadata: SessionMetadata) => void;
  /** Saved or given up: the form may go, and focus with it. */
  done: () => void;
}

export function RenameForm(props: RenameProps): JSX.Element {
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  const [saving, setSaving] = createSignal(false);
  const [inputId, errorId] = [createUniqueId(), createUniqueId()];
  let input!: HTMLInputElement;

  const save = async () => {
    if (saving()) return;
    if (input.value.trim() === '') return refuse({ code: 'nameInvalid', message: text.rename.blank, hint: null });
    setSaving(true);
    try {
      props.renamed(await props.host.rename(props.session.sessionId, input.value.trim()));
      props.done();
    } catch (thrown) {
      refuse(toRefusal(thrown));
    }
    setSaving(false);
  };
  const refuse = (refused: Refusal) => {
    // Taken away first, so that the same words are announced again.
    setRefusal(null);
    setRefusal(refused);
    input.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    props.done();
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void save();
  };
  onMount(() => {
    // Once: figures that arrive meanwhile must not overwrite what is being typed.
    input.value = plain(props.session.sessionName ?? '');
    input.focus({ preventScroll: true });
    input.select();
  });

  return (
    <form class="rename" on:keydown={onKeyDown} on:submit={onSubmit} noValidate>
      <label for={inputId}>{text.rename.label}</label>
      <div class="rename-fields">
        <input
          ref={(element) => (input = element)}
          id={inputId}
          class="input"
          type="text"
          dir="auto"
          autocomplete="off"
          spellcheck={false}
          data-testid="rename-input"
          placeholder={plain(props.session.displayName)}
          aria-invalid={refusal() !== null}
          aria-describedby={refusal() ? errorId : undefined}
        />
        <button type="submit" class="button primary" aria-disabled={saving()}>
          {text.rename.save}
        </button>
        <button type="button" class="button" onClick={() => props.done()}>
          {text.rename.cancel}
        </button>
      </div>
      <Show when={refusal()}>
        {(refused) => (
          <p class="refusal" role="alert" id={errorId} data-testid="rename-error">
            <Plain value={refused().message} />
            <Show when={refused().hint}>{(hint) => <span class="dim"> {plain(hint())}</span>}</Show>
          </p>
        )}
      </Show>
    </form>
  );
}
