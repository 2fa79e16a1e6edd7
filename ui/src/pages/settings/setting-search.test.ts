// The search of the settings.
import { expect, test } from 'vitest';
import { FixtureSettings } from '../../host/fixtures/settings';
import { matchesSearch, settingWords } from './setting-search';

const found = (search: string) => new FixtureSettings([]).page().rows.filter((row) => matchesSearch(settingWords(row), search)).map((row) => row.key);

test('settings are found by label, option, key and group, with all words', () => {
  expect(found('theme')).toContain('display.theme');
  expect(found('dark')).toEqual(['display.theme']);
  expect(found('quiet hours')).toEqual(['alerts.quiet_hours', 'alerts.quiet_summary']);
  expect(found('novel.setting')).toEqual(['novel.setting_without_texts']);
  expect(found('no such thing')).toEqual([]);
});
