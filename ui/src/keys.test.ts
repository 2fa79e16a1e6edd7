// Who hears a key.
import { expect, test } from 'vitest';
import { isPlain, isTyping, offer } from './keys';

const key = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);

test('what was opened last hears first, and ends a key’s way', () => {
  const heard: string[] = [];
  const hearer = (name: string, takes: boolean) => () => (heard.push(name), takes);
  const hearers = [hearer('page', true), hearer('search', true), hearer('form', false)];
  expect(offer(hearers, key({ key: 'Escape' }))).toBe(true);
  expect(heard).toEqual(['form', 'search']);
  expect(offer([hearer('page', false)], key({ key: 'Escape' }))).toBe(false);
});

test('letters are written in fields, and a key with another is not meant by itself', () => {
  expect(isTyping(document.createElement('textarea'))).toBe(true);
  expect(isTyping(document.createElement('button'))).toBe(false);
  expect([key({ key: '/' }), key({ key: '/', ctrlKey: true })].map(isPlain)).toEqual([true, false]);
});
