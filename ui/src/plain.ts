// Makes text from logs safe to look at. It refuses every character that is invisible, moves the cursor
// or turns the reading direction: a name must not be able to dress up as something else.
// Escaping is not done here, because nothing in this UI turns text into HTML.

/** Longer names are cut: enough for any title, short enough to lay out in no time. */
const NAME_LENGTH = 240;

/** Tooltips carry whole paths, which are longer than names. */
const TITLE_LENGTH = 1_024;

/** Controls that stand for space between words. */
const breaks = /[\t-\r\u0085\u2028\u2029]+/g;

/** C0, C1, soft hyphen, direction marks, embeddings, isolates, zero-width, invisible operators, tags, lone surrogates. */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** A name as it may be shown: one line, no invisible characters, not endless. */
export function plain(raw: string): string {
  return cut(visible(raw), NAME_LENGTH);
}

/** The same for a tooltip. */
export function plainTitle(raw: string): string {
  return cut(visible(raw), TITLE_LENGTH);
}

/** A text as it may be shown or written on: its lines stay, invisible characters go. It is not cut. */
export function plainText(raw: string): string {
  return raw.split(/\r\n?|[\n\u0085\u2028\u2029]/).map(clean).join('\n').trim();
}

/** The same for one line, such as a name that is written on. */
export function plainLine(raw: string): string {
  return clean(raw).trim();
}

function clean(raw: string): string {
  return raw.replace(breaks, ' ').replace(unseen, '');
}

function visible(raw: string): string {
  // Ten times what is shown is looked at, so that a megabyte costs as little as a line.
  return clean(raw.slice(0, TITLE_LENGTH * 10)).trim();
}

function cut(value: string, length: number): string {
  const letters = Array.from(value);
  return letters.length <= length ? value : `${letters.slice(0, length - 1).join('')}…`;
}

/** The last part of a folder, by either system's separator. */
export function baseName(path: string): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '');
  return parts.at(-1) ?? path;
}

/** A model without its maker's name and its date: `claude-opus-4-5-20251101` is `opus-4-5`. */
export function shortModel(model: string): string {
  return model.replace(/^claude-/, '').replace(/-\d{8}$/, '') || model;
}
