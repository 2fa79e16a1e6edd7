// What holds now, in a line for each group: read without opening it. Pure: rows and answers in, words out.
// It refuses to tell everything: of each group only what people come for.
import type { RootStatus } from '../bindings/RootStatus';
import type { SettingRow } from '../bindings/SettingRow';
import { exact } from '../format';
import { text } from '../text';
import { own, type Group } from './groups';
import { said } from './value';

export interface Present {
  rows: readonly SettingRow[];
  roots: readonly RootStatus[];
  /** Null where nobody knows yet. */
  login: boolean | null;
  statusline: boolean | null;
}

/** Null where nothing is known, or worth a line. */
export function present(group: Group, known: Present): string | null {
  const value = (key: string) => valueOf(known.rows, key);
  switch (group) {
    case 'look':
      return inOneBreath(value('display.tray'));
    case 'week':
      return together([value('display.week_start'), value('display.zone')]);
    case 'limits':
      return named(known.rows, 'blocks.token_limit');
    case 'alerts':
      return alerts(known.rows);
    case 'costs':
      return named(known.rows, 'cost.mode');
    case 'folders':
      return folders(known.roots);
    case 'login':
      return onOrOff(known.login);
    case 'statusline':
      return onOrOff(known.statusline);
    case 'data':
      return value('storage.db_path');
    case 'advanced':
      return named(known.rows, 'logging.level');
  }
}

function valueOf(rows: readonly SettingRow[], key: string): string | null {
  const row = rows.find((other) => other.key === key);
  return row === undefined ? null : said(row);
}

/** With what it is called, where its value alone says too little. */
function named(rows: readonly SettingRow[], key: string): string | null {
  const value = valueOf(rows, key);
  const label = own(text.settingsPage.settings, key)?.label;
  return value === null || label === undefined ? value : text.settingsPage.named(label, value);
}

/** Words that each begin like a sentence, as one. */
function inOneBreath(words: string | null): string | null {
  return words && words.replace(/, ./gu, (letters) => letters.toLowerCase());
}

/** Values side by side; the same twice is said once. */
function together(values: readonly (string | null)[]): string | null {
  return [...new Set(values.filter((value) => value !== null))].join(' · ') || null;
}

function alerts(rows: readonly SettingRow[]): string | null {
  if (rows.find((row) => row.key === 'alerts.enabled')?.value === false) return text.settingsPage.isOff;
  const row = rows.find((other) => other.key === 'alerts.block');
  if (row === undefined) return null;
  const isNone = Array.isArray(row.value) && row.value.length === 0;
  return isNone ? named(rows, row.key) : text.settingsPage.shares(own(text.settingsPage.settings, row.key)?.label ?? row.key, said(row));
}

function folders(roots: readonly RootStatus[]): string | null {
  const found = roots.filter((root) => root.found);
  const logs = found.reduce((sum, root) => sum + root.logs, 0);
  return text.settingsPage.foldersFound(exact(found.length), found.length, text.empty.found(exact(logs), logs));
}

function onOrOff(on: boolean | null): string | null {
  if (on === null) return null;
  return on ? text.settingsPage.isOn : text.settingsPage.isOff;
}
