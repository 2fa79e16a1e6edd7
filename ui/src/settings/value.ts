// A setting's value as a person reads and writes it. Pure. What a value may be is the engine's to say:
// only what could not be sent at all is refused here.
import type { SettingRow } from '../bindings/SettingRow';
import { exact, plainDigits } from '../format';
import { plainLine } from '../plain';
import { text } from '../text';
import { own } from './groups';

/** What was typed, as it can be sent; or why it cannot. */
export type Typed = { value: unknown } | { wrong: string };

/** As it stands in a field: in digits that every keyboard has, ungrouped. */
export function written(row: SettingRow, value: unknown = row.value): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return plainLine(value);
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0 && row.kind === 'numbers') return text.settingsPage.noValue;
  const each = value.map((one) => written(row, one));
  return row.kind === 'text' ? each.join('\n') : each.join(', ');
}

/** As it is said in a sentence. */
export function said(row: SettingRow): string {
  if (typeof row.value === 'boolean') return row.value ? text.settingsPage.on : text.settingsPage.off;
  const parts = Array.isArray(row.value) ? row.value : [row.value];
  const each = parts.map((part) => (typeof part === 'number' ? exact(part) : word(row.key, written(row, part))));
  return each.join(', ') || word(row.key, text.settingsPage.noValue);
}

/** A word of the file as people say it. */
export function word(key: string, raw: string): string {
  return own(own(text.settingsPage.settings, key)?.words ?? {}, raw) ?? raw;
}

export function typed(row: SettingRow, field: string): Typed {
  switch (row.kind) {
    case 'number':
      return number(field);
    case 'numbers':
      return numbers(field);
    case 'text':
      return { value: row.several ? lines(field) : field.trim() };
    case 'duration':
    case 'switch':
    case 'choice':
    case 'choices':
      return { value: field.trim() };
  }
}

/** Digits in groups, as people write them in any language: the last group has three, those before it two or three. */
const grouped = /^\d{1,3}([ ,._'’\u00a0\u202f\u066c]\d{2,3})*[ ,._'’\u00a0\u202f\u066c]\d{3}$/;

function number(field: string): Typed {
  const digits = plainDigits(field.trim());
  const bare = grouped.test(digits) ? digits.replace(/\D/g, '') : digits;
  return /^\d+$/.test(bare) ? { value: Number(bare) } : { wrong: text.settingsPage.notANumber };
}

function numbers(field: string): Typed {
  if (field.trim().toLowerCase() === text.settingsPage.noValue) return { value: [] };
  const parts = plainDigits(field).split(/[,;\s\u060c]+/).filter((part) => part !== '');
  if (!parts.every((part) => /^\d+$/.test(part))) return { wrong: text.settingsPage.notNumbers };
  return { value: parts.map(Number).sort((one, other) => one - other) };
}

function lines(field: string): string[] {
  return field.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}
