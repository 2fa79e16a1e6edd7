// Conversion of rejections to refusals.
import { expect, test } from 'vitest';
import { text } from '../strings';
import { toRefusal } from './refusal';

test('a refusal is unchanged', () => {
  const refusal = { code: 'nameTaken', message: 'Another session has this name.', hint: 'Choose another.' };
  expect(toRefusal(refusal)).toEqual(refusal);
});

test.each([undefined, null, 7, {}, { code: 'nameTaken ', message: '  ', hint: 3 }, ''])('%j becomes the default refusal', (thrown) => {
  expect(toRefusal(thrown)).toEqual({ code: 'internal', message: text.requestFailed, hint: null });
});

test('the message of an error or a string is kept', () => {
  expect(toRefusal(new Error('broken pipe')).message).toBe('broken pipe');
  expect(toRefusal('broken pipe').message).toBe('broken pipe');
});
