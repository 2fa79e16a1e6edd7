// The fields of the edit form, and their difference from the saved metadata. Pure. Only changed fields are sent, so
// that a tag containing a comma or a sanitized text is not rewritten by accident.
import type { SessionChanges } from '../../bindings/SessionChanges';
import type { ErrorCode } from '../../bindings/ErrorCode';
import { sanitizeLine, sanitizeText } from '../../lib/sanitize';
import { text } from '../../strings';
import type { SessionEdit } from './session-edits';

/** The fields as shown to the user. */
export interface EditFields {
  name: string;
  tags: string;
  description: string;
}

export type EditField = keyof EditFields;

/** The saved metadata; a description that is not loaded yet is null. */
export interface SavedFields {
  name: string | null;
  tags: readonly string[];
  description: string | null;
}

export function toEditFields(saved: SavedFields): EditFields {
  const tags = saved.tags.map(sanitizeLine).join(', ');
  return { name: sanitizeLine(saved.name ?? ''), tags, description: sanitizeText(saved.description ?? '') };
}

/** Parses tags: trims them, and drops blank and repeated ones. */
export function parseTags(typed: string): string[] {
  return [...new Set(typed.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
}

/** Returns the changed fields with their previous values; null if nothing changed. */
export function diffFields(sessionId: string, saved: SavedFields, typed: EditFields): SessionEdit | null {
  const before = toEditFields(saved);
  const changes: Partial<SessionChanges> = {};
  const previous: Partial<SessionChanges> = {};
  if (typed.name.trim() !== before.name) [changes.name, previous.name] = [typed.name.trim(), saved.name ?? ''];
  if (typed.tags.trim() !== before.tags) [changes.tags, previous.tags] = [parseTags(typed.tags), [...saved.tags]];
  if (typed.description.trim() !== before.description) {
    [changes.description, previous.description] = [typed.description.trim(), saved.description ?? ''];
  }
  if (Object.keys(changes).length === 0) return null;
  const message = changes.name === undefined ? text.sessionEdit.saved : text.sessionEdit.renamed;
  return { sessionId, changes, before: previous, message };
}

/**
 * Returns the field a refusal belongs to. The host identifies only names; any other bad value is a tag if tags changed,
 * otherwise the description.
 */
export function fieldForRefusal({ changes }: SessionEdit, code: ErrorCode): EditField | null {
  if (code === 'nameTaken' || code === 'nameInvalid') return 'name';
  if (code !== 'badValue') return null;
  if (changes.tags !== undefined) return 'tags';
  return changes.description === undefined ? 'name' : 'description';
}
