// What became of an alert that somebody wanted to see.
import { expect, test } from 'vitest';
import type { AlertRow } from '../bindings/AlertRow';
import { fateWords, ofTest } from './test-button';

const row = (id: number, rule: AlertRow['rule'], isTest: boolean, fate: AlertRow['fate'] = 'shown') => ({ id, rule, isTest, fate }) as AlertRow;
const status = { pausedUntil: null, unseen: 0, unavailable: null };

test('it is the newest test of the rule, whatever came meanwhile', () => {
  const alerts = [row(9, 'block', false), row(8, 'week', true), row(7, 'block', true), row(6, 'block', true)];
  expect(ofTest(alerts, 'block')?.id).toBe(7);
  expect(ofTest(alerts, 'reset')).toBeNull();
});

test('its fate is told in the words of the list', () => {
  expect(fateWords(row(1, 'block', true), status)).toBe('Shown.');
  expect(fateWords(row(1, 'block', true, 'quiet'), status)).toBe('Kept back, quiet hours.');
});

test('that the system took none is said with why, as far as it is known', () => {
  const failed = row(1, 'block', true, 'failed');
  expect(fateWords(failed, { ...status, unavailable: 'No service answers.' })).toBe('Not shown: No service answers.');
  expect(fateWords(failed, status)).toBe('Not shown by the system.');
});
