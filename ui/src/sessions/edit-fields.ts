// What a form says about a session, and what of it differs from before. Pure: it compares texts.
// Only what differs is sent: a tag with a comma in it, or a text that was cleaned to be shown, is not rewritten by the way.
import type { SessionChanges } from '../bindings/SessionChanges';
import type { RefusalCode } from '../host/host';
import { plainLine, plainText } from '../plain';
import { text } from '../text';
import type { Edit } from './edits';

/** The fields as a person sees them. */
export interface Fields {
  name: string;
  tags: string;
  description: string;
}

export type Field = keyof Fields;

/** What a session says now, as the engine has it; a description that is not known yet is null. */
export interface Known {
  name: string | null;
  tags: readonly string[];
  description: string | null;
}

export function shown(known: Known): Fields {
  const tags = known.tags.map(plainLine).join(', ');
  return { name: plainLine(known.name ?? ''), tags, description: plainText(known.description ?? '') };
}

/** Tags as they are typed: blank ones and repetitions fall away. */
export function tagsOf(typed: string): string[] {
  return [...new Set(typed.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
}

/** What differs, and how it was; null where nothing does. */
export function difference(sessionId: string, known: Known, typed: Fields): Edit | null {
  const before = shown(known);
  const changes: Partial<SessionChanges> = {};
  const back: Partial<SessionChanges> = {};
  if (typed.name.trim() !== before.name) [changes.name, back.name] = [typed.name.trim(), known.name ?? ''];
  if (typed.tags.trim() !== before.tags) [changes.tags, back.tags] = [tagsOf(typed.tags), [...known.tags]];
  if (typed.description.trim() !== before.description) {
    [changes.description, back.description] = [typed.description.trim(), known.description ?? ''];
  }
  if (Object.keys(changes).length === 0) return null;
  const words = changes.name === undefined ? text.edit.edited : text.edit.renamed;
  return { sessionId, changes, before: back, words };
}

/** The field a refusal is about. The host says so of names only: what else is no good is a tag, else the description. */
export function fieldOf({ changes }: Edit, code: RefusalCode): Field | null {
  if (code === 'nameTaken' || code === 'nameInvalid') return 'name';
  if (code !== 'badValue') return null;
  if (changes.tags !== undefined) return 'tags';
  return changes.description === undefined ? 'name' : 'description';
}
