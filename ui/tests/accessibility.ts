// Runs axe with all its rules, including best practices. No violation is excused.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

type Looking = typeof window & { axe?: typeof axe };

/** Returns the violations, one per line. Checks all rules, or only the named ones. */
export async function accessibilityViolations(page: Page, rules: readonly string[] | null = null): Promise<string[]> {
  // Loads the rules, half a megabyte, once per page.
  if (!(await page.evaluate(() => (window as Looking).axe !== undefined))) await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    const options = only === null ? {} : { runOnly: [...only] };
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, options);
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  }, rules);
}
