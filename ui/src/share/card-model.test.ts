import { expect, test } from 'vitest';
import type { History } from '../bindings/History';
import { fixtureHistory } from '../host/fixtures/history';
import { buildCard, type CardOptions, describeCard } from './card-model';

const names = ['/home/ada/secret-project', '/home/ada/other'];
const history: History = fixtureHistory({ rows: 10, days: 60, names }, null, null, 'project');
const options: CardOptions = { showsCost: true, showsProjects: false, weekStart: 'monday', isDemo: false };

test('no name of a project is on the card unless it is allowed', () => {
  const card = buildCard(history, history, options);
  expect(JSON.stringify(card)).not.toContain('secret-project');
  expect(card.projects).toEqual([]);
  expect(card.foot).toBe('made on this computer · sums only');
  const named = buildCard(history, history, { ...options, showsProjects: true });
  expect(named.projects).toContain('secret-project');
  expect(JSON.stringify(named), 'a name, not its path').not.toContain('/home/ada');
});

test('the cost is left out on request', () => {
  const labels = (showsCost: boolean) => buildCard(history, history, { ...options, showsCost }).figures.map(({ label }) => label);
  expect(labels(true)).toEqual(['API-equivalent', 'streak', 'best day']);
  expect(labels(false)).toEqual(['streak', 'best day']);
});

test('the kinds add up to the whole', () => {
  const { kinds } = buildCard(history, history, options);
  expect(kinds.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

test('a card of sample data says so', () => {
  const card = buildCard(history, history, { ...options, isDemo: true });
  expect(describeCard(card)).toMatch(/sample data$/);
});
