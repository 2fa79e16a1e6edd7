// Looks at a page the way a screen reader has to, with all rules axe knows, good habits included.
// A state may have no findings at all; none are excused.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What is wrong, a line each; empty when nothing is. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  });
}
