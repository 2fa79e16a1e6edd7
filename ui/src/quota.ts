// Which of the vendor's figures stands where. Pure: it picks among what the engine said and adds nothing up.
import type { QuotaStats } from './bindings/QuotaStats';
import type { Snapshot } from './bindings/Snapshot';

/** The figure the block's share was taken from; null where that is measured against something else. */
export function toldOfBlock(snapshot: Snapshot): QuotaStats | null {
  if (snapshot.blockUse?.basis !== 'official') return null;
  return snapshot.quota.find((row) => row.window === 'fiveHour') ?? null;
}

/** The windows that are shown by themselves: all but the one the block's ring shows. */
export function otherWindows(snapshot: Snapshot): QuotaStats[] {
  const inRing = toldOfBlock(snapshot) !== null && snapshot.currentBlock !== null;
  return snapshot.quota.filter((row) => !(inRing && row.window === 'fiveHour'));
}

/** The window that will stop work first, where there is more than one. */
export function bindingWindow(snapshot: Snapshot): QuotaStats | null {
  if (snapshot.quota.length < 2) return null;
  return snapshot.quota.find((row) => row.isBinding) ?? null;
}

/** Whether the vendor says anything of the week as a whole. */
export function knowsWeek(snapshot: Snapshot): boolean {
  return snapshot.quota.some((row) => row.window === 'weekly');
}
