// Whatever a promise rejects with becomes a sentence.
import { expect, test } from 'vitest';
import { text } from '../text';
import { toRefusal } from './refusal';

test('a refusal passes as it is', () => {
  const refusal = { code: 'nameTaken', message: 'Another session has this name.', hint: 'Choose another.' };
  expect(toRefusal(refusal)).toEqual(refusal);
});

test.each([undefined, null, 7, {}, { code: 'nameTaken ', message: '  ', hint: 3 }, ''])('%j has a sentence all the same', (thrown) => {
  expect(toRefusal(thrown)).toEqual({ code: 'internal', message: text.refusal, hint: null });
});

test('an error and a string say what they say', () => {
  expect(toRefusal(new Error('broken pipe')).message).toBe('broken pipe');
  expect(toRefusal('broken pipe').message).toBe('broken pipe');
});
