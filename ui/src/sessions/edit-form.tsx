// What a person adds to a session: a name, tags, a description. Enter saves, Escape leaves all as it was;
// why something was refused is said at its field at once. What a name or a tag may be is the engine's to say.
import { createEffect, createSignal, createUniqueId, on, onMount, Show, type JSX } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import type { Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { hearKeys, isComposed } from '../keys';
import { Plain } from '../parts/plain';
import { Refused } from '../parts/refused';
import { plain } from '../plain';
import { text } from '../text';
import { difference, fieldOf, shown, type Field, type Fields, type Known } from './edit-fields';
import type { Detail } from './detail';
import type { Edits } from './edits';

interface EditProps {
  session: SessionStats;
  /** The description is known from it. */
  known: Detail;
  edits: Edits;
  /** Saved or given up: the form may go, and focus with it. */
  done: () => void;
}

export function EditForm(props: EditProps): JSX.Element {
  const [refused, setRefused] = createSignal<{ at: Field | null; refusal: Refusal } | null>(null);
  const [saving, setSaving] = createSignal(false);
  const id = createUniqueId();
  const inputs = {} as Record<Field, HTMLInputElement | HTMLTextAreaElement>;
  // Once: figures that arrive meanwhile must not overwrite what is being typed.
  const known: Known = { name: props.session.sessionName, tags: props.session.tags, description: null };

  const save = async () => {
    if (saving()) return;
    const edit = difference(props.session.sessionId, known, typed());
    if (edit === null) return props.done();
    setSaving(true);
    try {
      await props.edits.make(edit);
      props.done();
    } catch (thrown) {
      const refusal = toRefusal(thrown);
      refuse(fieldOf(edit, refusal.code), refusal);
    }
    setSaving(false);
  };
  const typed = (): Fields => ({ name: inputs.name.value, tags: inputs.tags.value, description: inputs.description.value });
  const refuse = (at: Field | null, refusal: Refusal) => {
    // Taken away first, so that the same words are announced again.
    setRefused(null);
    setRefused({ at, refusal });
    if (at !== null) inputs[at].focus();
  };
  const refusalAt = (field: Field | null) => {
    const now = refused();
    return now?.at === field ? now.refusal : null;
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void save();
  };
  const onDescriptionKey = (event: KeyboardEvent) => {
    if (isComposed(event) || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void save();
  };
  hearKeys((event) => {
    if (event.key !== 'Escape') return false;
    props.done();
    return true;
  });
  onMount(() => {
    const first = shown(known);
    inputs.name.value = first.name;
    inputs.tags.value = first.tags;
    inputs.name.focus({ preventScroll: true });
    if (inputs.name instanceof HTMLInputElement) inputs.name.select();
  });
  createEffect(
    on(
      () => props.known.detail(),
      (detail) => {
        if (detail === null || known.description !== null) return;
        known.description = detail.description ?? '';
        inputs.description.value = shown(known).description;
      },
    ),
  );
  /** What every field has: a name, a direction of its own, and where its refusal is told. */
  const common = (field: Field) => ({
    id: `${id}-${field}`,
    class: 'input',
    dir: 'auto' as const,
    autocomplete: 'off',
    spellcheck: false,
  });
  const describedBy = (field: Field) => (refusalAt(field) ? `${id}-${field}-refused` : undefined);
  const told = (field: Field | null, testid: string) => (
    <Show when={refusalAt(field)}>{(refusal) => <Refused refusal={refusal()} id={`${id}-${field ?? 'form'}-refused`} testid={testid} />}</Show>
  );

  return (
    <form class="edit" on:submit={onSubmit} noValidate>
      <label for={`${id}-name`}>{text.edit.name}</label>
      <input
        {...common('name')}
        ref={(element) => (inputs.name = element)}
        type="text"
        data-testid="rename-input"
        placeholder={plain(props.session.displayName)}
        aria-invalid={refusalAt('name') !== null}
        aria-describedby={describedBy('name')}
      />
      {told('name', 'rename-error')}
      <label for={`${id}-tags`}>{text.edit.tags}</label>
      <input
        {...common('tags')}
        ref={(element) => (inputs.tags = element)}
        type="text"
        data-testid="tags-input"
        placeholder={text.edit.tagsHint}
        aria-invalid={refusalAt('tags') !== null}
        aria-describedby={describedBy('tags')}
      />
      {told('tags', 'tags-error')}
      <label for={`${id}-description`}>{text.edit.description}</label>
      <textarea
        {...common('description')}
        ref={(element) => (inputs.description = element)}
        rows={3}
        data-testid="description-input"
        readOnly={props.known.detail() === null}
        aria-invalid={refusalAt('description') !== null}
        aria-describedby={describedBy('description')}
        on:keydown={onDescriptionKey}
      />
      {told('description', 'description-error')}
      <Unread known={props.known} />
      {told(null, 'edit-error')}
      <div class="edit-foot">
        <p class="note">{text.edit.keys}</p>
        <button type="submit" class="button primary" aria-disabled={saving()} data-testid="edit-save">
          {text.edit.save}
        </button>
        <button type="button" class="button" onClick={() => props.done()}>
          {text.edit.cancel}
        </button>
      </div>
    </form>
  );
}

/** Why the description cannot be written on. */
function Unread(props: { known: Detail }): JSX.Element {
  return (
    <Show when={props.known.detail() === null && props.known.failure()}>
      {(failure) => (
        <p class="pair note" role="status" data-testid="description-unread">
          <span>
            {text.edit.unread} <Plain value={failure().message} />
          </span>
          <button type="button" class="quiet" onClick={() => props.known.again()}>
            {text.again}
          </button>
        </p>
      )}
    </Show>
  );
}
