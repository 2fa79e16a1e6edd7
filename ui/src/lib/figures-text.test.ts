import { expect, test } from 'vitest';
import { fixtureSession } from '../host/fixtures/sessions';
import { ordinarySnapshot } from '../host/fixtures/snapshot';
import { START } from '../host/fixtures/totals';
import { figuresText } from './figures-text';

const snapshot = ordinarySnapshot([fixtureSession(0)], 0, START);

test('a figure that is not known is left out', () => {
  const text = figuresText({ ...snapshot, currentBlock: null, today: { ...snapshot.today, totalTokens: 1_234_567, totalCost: null } });
  expect(text).toMatch(/^Today: 1,234,567 tokens\nBurn rate: [\d,]+ tok\/min$/);
});

test('sample data is marked', () => {
  expect(figuresText({ ...snapshot, isDemo: true }).split('\n')[0]).toBe('Sample data. These figures are made up.');
});
