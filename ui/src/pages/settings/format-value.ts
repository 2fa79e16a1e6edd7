// Formats and parses setting values. Pure. The engine validates values; only input that cannot be sent is rejected
// here.
import type { SettingRow } from '../../bindings/SettingRow';
import { formatNumber, toAsciiDigits } from '../../lib/format';
import { sanitizeLine } from '../../lib/sanitize';
import { text } from '../../strings';
import { ownValue } from './setting-groups';

/** The parsed input, or an error message. */
export type ParsedInput = { value: unknown } | { error: string };

/** Formats a value for a text field: with ASCII digits, ungrouped. */
export function fieldText(row: SettingRow, value: unknown = row.value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return sanitizeLine(value);
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0 && row.kind === 'numbers') return text.settings.none;
  const texts = value.map((item) => fieldText(row, item));
  return row.kind === 'text' ? texts.join('\n') : texts.join(', ');
}

/** Formats a value for display. */
export function displayText(row: SettingRow): string {
  if (typeof row.value === 'boolean') return row.value ? text.settings.on : text.settings.off;
  const parts = Array.isArray(row.value) ? row.value : [row.value];
  const texts = parts.map((part) => (typeof part === 'number' ? formatNumber(part) : optionLabel(row.key, fieldText(row, part))));
  return texts.join(', ') || optionLabel(row.key, text.settings.none);
}

/** Returns the display name of a fixed value. */
export function optionLabel(key: string, raw: string): string {
  return ownValue(ownValue(text.settings.fields, key)?.options ?? {}, raw) ?? raw;
}

export function parseInput(row: SettingRow, input: string): ParsedInput {
  switch (row.kind) {
    case 'number':
      return parseNumber(input);
    case 'numbers':
      return parseNumbers(input);
    case 'text':
      return { value: row.several ? parseLines(input) : input.trim() };
    case 'duration':
    case 'switch':
    case 'choice':
    case 'choices':
      return { value: input.trim() };
  }
}

/** Grouped digits in any locale: three in the last group, two or three in the groups before it. */
const GROUPED_DIGITS = /^\d{1,3}([ ,._'’\u00a0\u202f\u066c]\d{2,3})*[ ,._'’\u00a0\u202f\u066c]\d{3}$/;

function parseNumber(input: string): ParsedInput {
  const digits = toAsciiDigits(input.trim());
  const ungrouped = GROUPED_DIGITS.test(digits) ? digits.replace(/\D/g, '') : digits;
  return /^\d+$/.test(ungrouped) ? { value: Number(ungrouped) } : { error: text.settings.notANumber };
}

function parseNumbers(input: string): ParsedInput {
  if (input.trim().toLowerCase() === text.settings.none) return { value: [] };
  const parts = toAsciiDigits(input).split(/[,;\s\u060c]+/).filter((part) => part !== '');
  if (!parts.every((part) => /^\d+$/.test(part))) return { error: text.settings.notNumbers };
  return { value: parts.map(Number).sort((one, other) => one - other) };
}

function parseLines(input: string): string[] {
  return input.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}
