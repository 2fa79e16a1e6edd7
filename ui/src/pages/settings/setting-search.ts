// The search of the settings. Pure.
import type { SettingRow } from '../../bindings/SettingRow';
import { text } from '../../strings';
import { groupOf, ownValue } from './setting-groups';

/** Returns the words by which a setting is found: its key, label, note and options, and the title of its group. */
export function settingWords(row: SettingRow): string {
  const texts = ownValue(text.settings.fields, row.key);
  const group = groupOf(row.key);
  const title = group === null ? '' : text.settings.groups[group].title;
  return [row.key, texts?.label, texts?.note, ...Object.values(texts?.options ?? {}), title].join(' ');
}

/** Returns true if the text contains all words of the search. */
export function matchesSearch(words: string, search: string): boolean {
  const haystack = words.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => haystack.includes(word));
}
