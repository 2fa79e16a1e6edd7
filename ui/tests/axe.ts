// Looks at a page the way a screen reader has to, with all rules axe knows, good habits included.
// A state may have no findings at all; none are excused.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

type Looking = typeof window & { axe?: typeof axe };

/** What is wrong, a line each; empty when nothing is. By all rules, or by those named alone. */
export async function findings(page: Page, rules: readonly string[] | null = null): Promise<string[]> {
  // Half a megabyte of rules: a page is taught them once.
  if (!(await page.evaluate(() => (window as Looking).axe !== undefined))) await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    const options = only === null ? {} : { runOnly: [...only] };
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, options);
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  }, rules);
}
