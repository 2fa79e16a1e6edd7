// The current values of each settings group in one line, shown while it is closed. Pure. Only the most important values
// are included.
import type { RootStatus } from '../../bindings/RootStatus';
import type { SettingRow } from '../../bindings/SettingRow';
import { formatNumber } from '../../lib/format';
import { text } from '../../strings';
import { displayText } from './format-value';
import { type ExpandableGroup, ownValue } from './setting-groups';

export interface SummaryInputs {
  rows: readonly SettingRow[];
  roots: readonly RootStatus[];
}

/** Returns null if nothing is known or worth showing. */
export function groupSummary(group: ExpandableGroup, inputs: SummaryInputs): string | null {
  const value = (key: string) => settingText(inputs.rows, key);
  switch (group) {
    case 'week':
      return joinDistinct([value('display.week_start'), value('display.zone')]);
    case 'limits':
      return labeledSetting(inputs.rows, 'blocks.token_limit');
    case 'alerts':
      return alertsSummary(inputs.rows);
    case 'costs':
      return labeledSetting(inputs.rows, 'cost.mode');
    case 'folders':
      return foldersSummary(inputs.roots);
    case 'web':
      return webSummary(inputs.rows);
    case 'data':
      return value('storage.db_path');
    case 'advanced':
      return labeledSetting(inputs.rows, 'logging.level');
  }
}

function settingText(rows: readonly SettingRow[], key: string): string | null {
  const row = rows.find((other) => other.key === key);
  return row === undefined ? null : displayText(row);
}

/** Returns the value with its label, where the value alone is ambiguous. */
function labeledSetting(rows: readonly SettingRow[], key: string): string | null {
  const value = settingText(rows, key);
  const label = ownValue(text.settings.fields, key)?.label;
  return value === null || label === undefined ? value : text.settings.labeled(label, value);
}

/** Joins values without repetitions. */
function joinDistinct(values: readonly (string | null)[]): string | null {
  return [...new Set(values.filter((value) => value !== null))].join(' · ') || null;
}

function alertsSummary(rows: readonly SettingRow[]): string | null {
  if (rows.find((row) => row.key === 'alerts.enabled')?.value === false) return text.settings.isOff;
  const row = rows.find((other) => other.key === 'alerts.block');
  if (row === undefined) return null;
  const isNone = Array.isArray(row.value) && row.value.length === 0;
  return isNone ? labeledSetting(rows, row.key) : text.settings.percentages(ownValue(text.settings.fields, row.key)?.label ?? row.key, displayText(row));
}

function foldersSummary(roots: readonly RootStatus[]): string | null {
  const found = roots.filter((root) => root.found);
  const logs = found.reduce((sum, root) => sum + root.logs, 0);
  return text.settings.foldersFound(formatNumber(found.length), found.length, text.app.empty.logs(formatNumber(logs), logs));
}

function webSummary(rows: readonly SettingRow[]): string | null {
  const row = rows.find((other) => other.key === 'serve.enabled');
  if (row === undefined) return null;
  return row.value === true ? settingText(rows, 'serve.listen') : text.settings.isOff;
}
