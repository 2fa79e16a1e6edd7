// The edit form of a session: name, tags, description. Enter saves, Escape cancels. A refusal is shown at its field.
// The engine validates the values.
import { createEffect, createSignal, createUniqueId, type JSX, on, onMount, Show } from 'solid-js';
import type { SessionStats } from '../../bindings/SessionStats';
import { RefusalMessage } from '../../components/refusal-message';
import { SanitizedText } from '../../components/sanitized-text';
import type { ApiError } from '../../bindings/ApiError';
import { toRefusal } from '../../host/refusal';
import { isComposing, useKeyHandler } from '../../lib/key-handlers';
import { sanitizeName } from '../../lib/sanitize';
import { text } from '../../strings';
import type { DetailQuery } from './detail-query';
import { diffFields, type EditField, type EditFields, fieldForRefusal, type SavedFields, toEditFields } from './edit-fields';
import { useSessions } from './sessions-context';

interface EditFormProps {
  session: SessionStats;
  /** Provides the description. */
  detail: DetailQuery;
  /** Called after saving or cancelling. */
  onDone: () => void;
}

export function EditForm(props: EditFormProps): JSX.Element {
  const { edits } = useSessions();
  const [refused, setRefused] = createSignal<{ at: EditField | null; refusal: ApiError } | null>(null);
  const [isSaving, setSaving] = createSignal(false);
  const id = createUniqueId();
  const inputs = {} as Record<EditField, HTMLInputElement | HTMLTextAreaElement>;
  // Read once: new figures must not overwrite what is being typed.
  const saved: SavedFields = { name: props.session.sessionName, tags: props.session.tags, description: null };

  const save = async () => {
    if (isSaving()) return;
    const edit = diffFields(props.session.sessionId, saved, typed());
    if (edit === null) return props.onDone();
    setSaving(true);
    try {
      await edits.apply(edit);
      props.onDone();
    } catch (thrown) {
      const refusal = toRefusal(thrown);
      refuse(fieldForRefusal(edit, refusal.code), refusal);
    }
    setSaving(false);
  };
  const typed = (): EditFields => ({ name: inputs.name.value, tags: inputs.tags.value, description: inputs.description.value });
  const refuse = (at: EditField | null, refusal: ApiError) => {
    // Cleared first, so that an equal message is announced again.
    setRefused(null);
    setRefused({ at, refusal });
    if (at !== null) inputs[at].focus();
  };
  const refusalAt = (field: EditField | null) => {
    const current = refused();
    return current?.at === field ? current.refusal : null;
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void save();
  };
  const onDescriptionKey = (event: KeyboardEvent) => {
    if (isComposing(event) || event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void save();
  };
  useKeyHandler((event) => {
    if (event.key !== 'Escape') return false;
    props.onDone();
    return true;
  });
  onMount(() => {
    const fields = toEditFields(saved);
    inputs.name.value = fields.name;
    inputs.tags.value = fields.tags;
    inputs.name.focus({ preventScroll: true });
    if (inputs.name instanceof HTMLInputElement) inputs.name.select();
  });
  createEffect(
    on(
      () => props.detail.data(),
      (detail) => {
        if (detail === null || saved.description !== null) return;
        saved.description = detail.description ?? '';
        inputs.description.value = toEditFields(saved).description;
      },
    ),
  );
  /** Attributes common to all fields. */
  const common = (field: EditField) => ({
    id: `${id}-${field}`,
    class: 'input',
    dir: 'auto' as const,
    autocomplete: 'off',
    spellcheck: false,
  });
  const describedBy = (field: EditField) => (refusalAt(field) ? `${id}-${field}-refused` : undefined);
  const refusalMessage = (field: EditField | null, testid: string) => (
    <Show when={refusalAt(field)}>{(refusal) => <RefusalMessage refusal={refusal()} id={`${id}-${field ?? 'form'}-refused`} testid={testid} />}</Show>
  );

  return (
    <form class="edit-form" on:submit={onSubmit} noValidate>
      <label for={`${id}-name`}>{text.sessionEdit.name}</label>
      <input
        {...common('name')}
        ref={(element) => (inputs.name = element)}
        type="text"
        data-testid="rename-input"
        placeholder={sanitizeName(props.session.displayName)}
        aria-invalid={refusalAt('name') !== null}
        aria-describedby={describedBy('name')}
      />
      {refusalMessage('name', 'rename-error')}
      <label for={`${id}-tags`}>{text.sessionEdit.tags}</label>
      <input
        {...common('tags')}
        ref={(element) => (inputs.tags = element)}
        type="text"
        data-testid="tags-input"
        placeholder={text.sessionEdit.tagsHint}
        aria-invalid={refusalAt('tags') !== null}
        aria-describedby={describedBy('tags')}
      />
      {refusalMessage('tags', 'tags-error')}
      <label for={`${id}-description`}>{text.sessionEdit.description}</label>
      <textarea
        {...common('description')}
        ref={(element) => (inputs.description = element)}
        rows={3}
        data-testid="description-input"
        readOnly={props.detail.data() === null}
        aria-invalid={refusalAt('description') !== null}
        aria-describedby={describedBy('description')}
        on:keydown={onDescriptionKey}
      />
      {refusalMessage('description', 'description-error')}
      <DescriptionUnavailable detail={props.detail} />
      {refusalMessage(null, 'edit-error')}
      <div class="edit-form__footer">
        <p class="caption">{text.sessionEdit.shortcuts}</p>
        <button type="submit" class="button button--primary" aria-disabled={isSaving()} data-testid="edit-save">
          {text.sessionEdit.save}
        </button>
        <button type="button" class="button" onClick={() => props.onDone()}>
          {text.sessionEdit.cancel}
        </button>
      </div>
    </form>
  );
}

/** A note that the description could not be loaded and cannot be edited. */
function DescriptionUnavailable(props: { detail: DetailQuery }): JSX.Element {
  return (
    <Show when={props.detail.data() === null && props.detail.failure()}>
      {(failure) => (
        <p class="row-between caption" role="status" data-testid="description-unread">
          <span>
            {text.sessionEdit.descriptionUnavailable} <SanitizedText value={failure().message} />
          </span>
          <button type="button" class="link-button" onClick={() => props.detail.refetch()}>
            {text.retry}
          </button>
        </p>
      )}
    </Show>
  );
}
