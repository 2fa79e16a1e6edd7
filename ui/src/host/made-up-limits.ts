// Made-up limits for the fixture host: what the vendor might say, and what stands for a limit where it says nothing.
import type { LimitUse } from '../bindings/LimitUse';
import type { QuotaStats } from '../bindings/QuotaStats';
import type { WindowKind } from '../bindings/WindowKind';
import { iso, START } from './made-up';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** A share of what nine of ten blocks stayed under. */
export function estimatedUse(usedPercent: number): LimitUse {
  return {
    usedPercent,
    basis: 'p90',
    limit: 4_850_000,
    projectedPercent: { low: usedPercent * 1.87, high: usedPercent * 2.21 },
    runsOutAt: null,
    elsewherePercent: null,
    label: 'estimated',
  };
}

/** A share the vendor named. */
export function officialUse(usedPercent: number): LimitUse {
  return { ...estimatedUse(usedPercent), basis: 'official', limit: null, label: 'official' };
}

/** The vendor's figure of a window, as old as told. */
export function madeUpQuota(window: WindowKind, usedPercent: number, ageMinutes = 1): QuotaStats {
  const fiveHours = window === 'fiveHour';
  const ofWeek = window === 'extraUsage' ? null : { low: usedPercent * 1.1, high: usedPercent * 1.4 };
  return {
    ...officialUse(usedPercent),
    window,
    scope: window === 'weeklyScoped' ? 'Opus' : null,
    projectedPercent: fiveHours ? officialUse(usedPercent).projectedPercent : ofWeek,
    resetsAt: window === 'extraUsage' ? null : iso(START + (fiveHours ? 130 * MINUTE : 4.8 * DAY)),
    readAt: iso(START - ageMinutes * MINUTE),
    ageMinutes,
    origin: fiveHours ? 'statusLine' : 'cachedUsage',
    isStale: ageMinutes > 10,
    isBinding: false,
  };
}
