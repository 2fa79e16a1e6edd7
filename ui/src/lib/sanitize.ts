// Sanitizes text from logs. Removes every character that is invisible, moves the cursor or changes the reading
// direction, so that a name cannot imitate another one. Nothing in the UI turns text into HTML, so nothing is escaped
// here.

/** The maximum length of a name, in code points. */
const MAX_NAME_LENGTH = 240;

/** The maximum length of a tooltip, which may be a whole path, in code points. */
const MAX_TITLE_LENGTH = 1_024;

/** Characters with the Unicode property White_Space. */
const WHITESPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;

/** C0, C1, soft hyphen, direction marks, embeddings, isolates, zero-width, invisible operators, tags, lone surrogates. */
const INVISIBLE =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** Sanitizes a name for display: one line, no invisible characters, truncated. */
export function sanitizeName(raw: string): string {
  return truncate(sanitizePrefix(raw), MAX_NAME_LENGTH);
}

/** Sanitizes a tooltip: like a name, with a larger limit. */
export function sanitizeTitle(raw: string): string {
  return truncate(sanitizePrefix(raw), MAX_TITLE_LENGTH);
}

/** Sanitizes a multi-line text for display or editing: keeps line breaks and is not truncated. */
export function sanitizeText(raw: string): string {
  return raw.split(/\r\n?|[\n\u0085\u2028\u2029]/).map(removeInvisible).join('\n').trim();
}

/** Sanitizes a single-line text for editing: not truncated. */
export function sanitizeLine(raw: string): string {
  return removeInvisible(raw).trim();
}

function removeInvisible(raw: string): string {
  return raw.replace(INVISIBLE, '').replace(WHITESPACE, ' ');
}

function sanitizePrefix(raw: string): string {
  // Reads at most ten times the displayed length, so that a megabyte costs as little as a line.
  return removeInvisible(raw.slice(0, MAX_TITLE_LENGTH * 10)).trim();
}

function truncate(value: string, length: number): string {
  const codePoints = Array.from(value);
  return codePoints.length <= length ? value : `${codePoints.slice(0, length - 1).join('')}…`;
}

/** Returns the last part of a path with either separator. */
export function baseName(path: string): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '');
  return parts.at(-1) ?? path;
}

/** A family of models with its version, in both orders: `opus-4-5` and `3-5-haiku`, and a variant in brackets. */
const MODEL = /^(?:([a-z]+)-(\d+(?:-\d+)?)|(\d+(?:-\d+)?)-([a-z]+))(\[.*\])?$/;

/** Returns a model name without vendor and date: `claude-opus-4-5-20251101` becomes `Opus 4.5`. Unknown forms stay. */
export function shortModelName(model: string): string {
  const short = model.replace(/^claude-/, '').replace(/-\d{8}(?=$|\[)/, '');
  const parts = MODEL.exec(short);
  const [family, version] = [parts?.[1] ?? parts?.[4], parts?.[2] ?? parts?.[3]];
  if (family === undefined || version === undefined || !model.startsWith('claude-')) return short || model;
  return `${family.charAt(0).toUpperCase()}${family.slice(1)} ${version.replace('-', '.')}${parts?.[5] ?? ''}`;
}
