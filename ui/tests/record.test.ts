// The record of what must not happen: that it stays empty means something only where it would not.
import { expect, test } from 'vitest';
import { withBrowser } from './browser';

const open = withBrowser();

test('a style in the markup is refused by the app’s own policy, and noticed', async () => {
  const { page, mishaps, forgive } = await open();
  forgive();
  await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
  await expect.poll(() => mishaps.join('\n')).toContain('policy: style-src');
});

test('a request to elsewhere is noticed, and does not leave', async () => {
  const { page, mishaps, forgive } = await open();
  forgive();
  await page.evaluate(() => fetch('https://elsewhere.example/').catch(() => undefined));
  await expect.poll(() => mishaps.join('\n')).toContain('policy: connect-src');
});

test('an error is noticed', async () => {
  const { page, mishaps, forgive } = await open();
  forgive();
  await page.evaluate(() => void setTimeout(() => { throw new Error('made up'); }));
  await expect.poll(() => mishaps.join('\n')).toContain('made up');
});
