// The dispatch of keys.
import { expect, test } from 'vitest';
import { dispatchKey, hasNoModifier, isTextField } from './key-handlers';

const key = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);

test('the handler added last is asked first and can stop the dispatch', () => {
  const asked: string[] = [];
  const handler = (name: string, handles: boolean) => () => (asked.push(name), handles);
  const handlers = [handler('page', true), handler('search', true), handler('form', false)];
  expect(dispatchKey(handlers, key({ key: 'Escape' }))).toBe(true);
  expect(asked).toEqual(['form', 'search']);
  expect(dispatchKey([handler('page', false)], key({ key: 'Escape' }))).toBe(false);
});

test('text fields and modifier keys are recognized', () => {
  expect(isTextField(document.createElement('textarea'))).toBe(true);
  expect(isTextField(document.createElement('button'))).toBe(false);
  expect([key({ key: '/' }), key({ key: '/', ctrlKey: true })].map(hasNoModifier)).toEqual([true, false]);
});
