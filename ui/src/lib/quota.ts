// Selects which official quota windows are shown where. Pure.
import type { QuotaStats } from '../bindings/QuotaStats';
import type { Snapshot } from '../bindings/Snapshot';

/** Returns the official window the block's share was taken from; null if the share has another basis. */
export function officialBlockQuota(snapshot: Snapshot): QuotaStats | null {
  if (snapshot.blockUse?.basis !== 'official') return null;
  return snapshot.quota.find((row) => row.window === 'fiveHour') ?? null;
}

/** Returns the windows listed below the ring: all but the one the ring shows. */
export function windowsBelowRing(snapshot: Snapshot): QuotaStats[] {
  const inRing = snapshot.currentBlock === null ? null : officialBlockQuota(snapshot);
  return snapshot.quota.filter((row) => row !== inRing);
}

/** Returns the window that stops work first or, if none is forecast to, the fullest; null if there is only one. */
export function bindingWindow(snapshot: Snapshot): QuotaStats | null {
  if (snapshot.quota.length < 2) return null;
  return snapshot.quota.find((row) => row.isBinding) ?? null;
}

/** Returns true if there is an official window for the whole week. */
export function hasWeeklyQuota(snapshot: Snapshot): boolean {
  return snapshot.quota.some((row) => row.window === 'weekly');
}
