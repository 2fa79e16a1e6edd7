// Questions and their answers, in the order they come.
import { createRoot, createSignal } from 'solid-js';
import { expect, test } from 'vitest';
import { createAsked } from './asked';

const settled = () => new Promise((done) => setTimeout(done));

test('an answer to an old question is dropped', async () => {
  const answers = new Map<string, (words: string) => void>();
  const [question, setQuestion] = createSignal('first');
  const { asked, dispose } = createRoot((dispose) => ({
    dispose,
    asked: createAsked(question, (words) => new Promise<string>((answer) => answers.set(words, answer))),
  }));
  await settled();
  setQuestion('second');
  answers.get('second')?.('new');
  answers.get('first')?.('old');
  await settled();
  expect(asked.answer()).toBe('new');
  dispose();
});

test('a failure leaves the last answer, and the next answer ends it', async () => {
  let fails = false;
  const { asked, dispose } = createRoot((dispose) => ({
    dispose,
    asked: createAsked(
      () => 'question',
      () => (fails ? Promise.reject(Object.assign(new Error('Gone.'), { code: 'offline' })) : Promise.resolve('answer')),
    ),
  }));
  await settled();
  fails = true;
  asked.again();
  await settled();
  expect([asked.answer(), asked.failure()?.code]).toEqual(['answer', 'offline']);
  fails = false;
  asked.again();
  await settled();
  expect(asked.failure()).toBeNull();
  dispose();
});
