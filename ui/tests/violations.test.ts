// Violations are recorded: otherwise an empty record would prove nothing.
import { expect, test } from 'vitest';
import { withBrowser } from './browser';

const open = withBrowser();

test('an inline style is blocked by the policy and recorded', async () => {
  const { page, violations, allowViolations } = await open();
  allowViolations();
  await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
  await expect.poll(() => violations.join('\n')).toContain('policy: style-src');
});

test('a request to another host is blocked and recorded', async () => {
  const { page, violations, allowViolations } = await open();
  allowViolations();
  await page.evaluate(() => fetch('https://elsewhere.example/').catch(() => undefined));
  await expect.poll(() => violations.join('\n')).toContain('policy: connect-src');
});

test('an error is recorded', async () => {
  const { page, violations, allowViolations } = await open();
  allowViolations();
  await page.evaluate(() => void setTimeout(() => { throw new Error('made up'); }));
  await expect.poll(() => violations.join('\n')).toContain('made up');
});
