// The figures of a snapshot as text, for the clipboard. Pure.
import type { Snapshot } from '../bindings/Snapshot';
import { text } from '../strings';
import { formatDollars, formatNumber, formatPercent } from './format';
import { formatUpcoming } from './time';

/** Returns today's usage, the block and the burn rate, one line each. */
export function figuresText(snapshot: Snapshot): string {
  const { today, burnRate } = snapshot;
  const lines = [
    snapshot.isDemo ? `${text.reach.demo.title}. ${text.reach.demo.note}` : null,
    `${text.today}: ${text.tokens(formatNumber(today.totalTokens))}`,
    today.totalCost === null ? null : `${text.today}: ${text.costWithLabel(formatDollars(today.totalCost))}`,
    blockText(snapshot),
    `${text.now.burnRate}: ${text.perMinute(formatNumber(burnRate.tokensPerMinute))}`,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

function blockText({ currentBlock, blockUse, at, zone }: Snapshot): string | null {
  if (!currentBlock) return null;
  const used = blockUse?.basis === 'official' ? `${formatPercent(blockUse.usedPercent / 100)} ${text.now.usedOf.official()}` : text.tokens(formatNumber(currentBlock.tokensUsed));
  return `${text.now.block}: ${used}, ${text.now.resets(formatUpcoming(currentBlock.endTime, Date.parse(at), zone))}`;
}
