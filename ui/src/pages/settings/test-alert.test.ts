// The result of a test alert.
import { expect, test } from 'vitest';
import type { AlertRow } from '../../bindings/AlertRow';
import { deliveryText, findTestAlert } from './test-alert';

const row = (id: number, rule: AlertRow['rule'], isTest: boolean, fate: AlertRow['fate'] = 'shown') => ({ id, rule, isTest, fate }) as AlertRow;
const status = { pausedUntil: null, unseen: 0, unavailable: null };

test('the latest test alert of the rule is found among other alerts', () => {
  const alerts = [row(9, 'block', false), row(8, 'week', true), row(7, 'block', true), row(6, 'block', true)];
  expect(findTestAlert(alerts, 'block')?.id).toBe(7);
  expect(findTestAlert(alerts, 'reset')).toBeNull();
});

test('the delivery uses the texts of the alert list', () => {
  expect(deliveryText(row(1, 'block', true), status)).toBe('Shown.');
  expect(deliveryText(row(1, 'block', true, 'quiet'), status)).toBe('Held back, quiet hours.');
});

test('a failed delivery is shown with its reason, if known', () => {
  const failed = row(1, 'block', true, 'failed');
  expect(deliveryText(failed, { ...status, unavailable: 'No service responds.' })).toBe('Not shown: No service responds.');
  expect(deliveryText(failed, status)).toBe('The notification could not be shown.');
});
