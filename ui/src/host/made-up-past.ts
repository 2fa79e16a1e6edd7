// Made-up blocks and days for the fixture host. The same question gets the same answer, in every browser.
import type { Amount } from '../bindings/Amount';
import type { BillingBlock } from '../bindings/BillingBlock';
import type { BlockHistory } from '../bindings/BlockHistory';
import type { Compared } from '../bindings/Compared';
import type { History } from '../bindings/History';
import type { HistoryBy } from '../bindings/HistoryBy';
import type { HistoryDay } from '../bindings/HistoryDay';
import type { HistoryPart } from '../bindings/HistoryPart';
import { dateOf, dayOf, weekday, type DayNumber } from '../history/days';
import { iso, madeUpBlock, madeUpTotals, seeded, START } from './made-up';

const HOUR = 3_600_000;

/** How much past there is to make up. */
export interface PastWish {
  /** Blocks and gaps. */
  rows: number;
  days: number;
  /** Names of models and folders; the ordinary ones unless told. */
  names?: readonly string[];
  unpriced?: boolean;
}

export const ORDINARY_PAST: PastWish = { rows: 240, days: 420 };
const LIMIT = 4_850_000;
const P90 = 4_310_000;

const kept = new Map<string, readonly BillingBlock[]>();

function allBlocks(count: number): readonly BillingBlock[] {
  const found = kept.get(`${count}`) ?? makeBlocks(count);
  kept.set(`${count}`, found);
  return found;
}

/** From the current block back: work for some blocks in a row, then a night or a weekend. */
function makeBlocks(count: number): BillingBlock[] {
  const rows: BillingBlock[] = count > 0 ? [{ ...madeUpBlock(1_842_300), peakTokensPerMinute: 12_040 }] : [];
  let end = START - 170 * 60_000;
  for (let index = 1; index < count; index += 1) {
    const random = seeded(index * 31 + 7);
    const idle = random() < 0.34 && !(rows.at(-1)?.isGap ?? true);
    const length = idle ? (6 + Math.floor(random() ** 3 * 70)) * HOUR : 5 * HOUR;
    const start = end - length;
    rows.push(idle ? gap(start, end) : block(start, index, random));
    end = start;
  }
  return rows;
}

function block(start: number, index: number, random: () => number): BillingBlock {
  const tokens = Math.round(180_000 + random() ** 1.6 * 4_900_000);
  const models = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5-20251001'];
  return {
    ...madeUpBlock(tokens),
    id: iso(start),
    startTime: iso(start),
    endTime: iso(start + 5 * HOUR),
    isActive: false,
    messageCount: Math.round(tokens / 11_000),
    models: models.slice(0, 1 + (index % 3)),
    peakTokensPerMinute: Math.round(tokens / 160 + random() * 9_000),
    source: index % 7 === 0 ? 'official' : 'estimate',
    label: index % 7 === 0 ? 'official' : 'estimated',
  };
}

function gap(start: number, end: number): BillingBlock {
  const nothing = { tokensUsed: 0, costUsd: 0, messageCount: 0, models: [], peakTokensPerMinute: null };
  return { ...madeUpBlock(0), ...nothing, id: `gap-${iso(start)}`, startTime: iso(start), endTime: iso(end), isActive: false, isGap: true };
}

/** Blocks that began after the made-up past, the latest first. */
function since(begun: number): BillingBlock[] {
  return Array.from({ length: begun }, (_, at) => block(START + (begun - at) * 5 * HOUR, begun - at, seeded(at)));
}

/** `begun` blocks have begun since. */
export function pageOfBlocks(count: number, offset: number, limit: number, begun = 0): BlockHistory {
  const all = [...since(begun), ...allBlocks(count)];
  const complete = all.filter((row) => !row.isActive && !row.isGap);
  const largest = complete.reduce<BillingBlock | null>((most, row) => (most === null || row.tokensUsed > most.tokensUsed ? row : most), null);
  return {
    blocks: all.slice(offset, offset + limit).map((row) => ({ ...row })),
    largest: largest?.id ?? null,
    largestTokens: largest?.tokensUsed ?? null,
    p90Tokens: complete.length > 0 ? P90 : null,
    limitTokens: complete.length > 0 ? LIMIT : null,
    count: all.length,
    totals: madeUpTotals(count / 3),
  };
}

/** The same with hostile or long names, or without prices, as wished. */
export function madeUpBlocks(wish: PastWish, offset: number, limit: number, begun = 0): BlockHistory {
  const page = pageOfBlocks(wish.rows, offset, limit, begun);
  const blocks = page.blocks.map((row) => {
    if (row.isGap) return row;
    const named = wish.names ? { ...row, models: [...wish.names] } : row;
    return wish.unpriced ? { ...named, costUsd: null, unpricedTokens: row.tokensUsed } : named;
  });
  return { ...page, blocks };
}

const TODAY = Math.floor(START / (24 * HOUR));
const MODELS = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5-20251001', 'claude-opus-4-1-20250805'];
const FOLDERS = ['/home/ada/code/web-app', '/home/ada/code/ledger', '/home/ada/code/infra/deploy-scripts', 'C:\\Users\\ada\\site', '/home/ada/notes'];

export function madeUpHistory(wish: PastWish, from: string | null, to: string | null, by: HistoryBy): History {
  const earliest = TODAY - wish.days + 1;
  const first = (from === null ? null : dayOf(from)) ?? earliest;
  const last = (to === null ? null : dayOf(to)) ?? TODAY;
  const parts = partsOf(wish, by);
  const days: HistoryDay[] = [];
  for (let day = Math.max(first, earliest); day <= Math.min(last, TODAY); day += 1) {
    if (busy(day)) days.push(madeUpDay(day, parts.length, wish.unpriced ?? false));
  }
  const sums = parts.map((part, at): HistoryPart => ({ ...part, amount: summed(days.map((day) => day.parts[at] ?? nothing)) }));
  const all = summed(days.map((day) => day.amount));
  const totals = { ...madeUpTotals(all.tokens / 4_218_344), totalTokens: all.tokens, totalCost: all.cost };
  return {
    from: dateOf(first),
    to: dateOf(last),
    parts: days.length > 0 ? sums : [],
    days,
    totals: wish.unpriced ? { ...totals, totalCost: null, unpricedTokens: all.tokens } : totals,
  };
}

const nothing: Amount = { tokens: 0, cost: 0 };

function partsOf(wish: PastWish, by: HistoryBy): Omit<HistoryPart, 'amount'>[] {
  const names = wish.names ?? (by === 'model' ? MODELS : FOLDERS);
  return [...names.slice(0, 6).map((name) => ({ name, count: 1 })), { name: null, count: 3 }];
}

/** Weekends are mostly free, and once a year there is a holiday. */
function busy(day: DayNumber): boolean {
  const free = [0, 6].includes(weekday(day)) ? 0.7 : 0.08;
  const holiday = TODAY - day > 200 && TODAY - day < 214;
  return day === TODAY || (!holiday && seeded(day)() > free);
}

function madeUpDay(day: DayNumber, parts: number, unpriced: boolean): HistoryDay {
  const random = seeded(day * 3 + 1);
  const tokens = day === TODAY ? 4_218_344 : Math.round(300_000 + random() ** 2 * 9_000_000);
  const weights = Array.from({ length: parts }, (_, at) => (random() * 0.8 + 0.2) / (at + 1) ** 1.3);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const amount = (count: number): Amount => ({ tokens: Math.round(count), cost: unpriced ? null : Math.round(count / 3_920) / 100 });
  return { date: dateOf(day), amount: amount(tokens), parts: weights.map((weight) => amount((tokens * weight) / all)) };
}

function summed(amounts: readonly Amount[]): Amount {
  const cost = amounts.some((amount) => amount.cost === null) ? null : amounts.reduce((sum, amount) => sum + (amount.cost ?? 0), 0);
  return { tokens: amounts.reduce((sum, amount) => sum + amount.tokens, 0), cost };
}

/** Today against other days, as it is on a good working day. */
export function madeUpCompared(): Compared {
  return {
    yesterday: { tokens: 5_120_400, cost: 13.06 },
    yesterdayByNow: { tokens: 3_766_378, cost: 9.61 },
    usual: { tokens: 4_104_900, cost: 10.47 },
  };
}

/** Three bursts of work and the pauses between; the beat moves the last minute. */
export function madeUpHour(beat: number): number[] {
  return Array.from({ length: 60 }, (_, minute) => {
    const burst = Math.max(0, Math.sin(minute / 6.1 + 0.4)) * (0.5 + seeded(minute)());
    const rate = Math.round(burst * 3_400);
    return minute === 59 ? rate + beat * 12 : rate;
  });
}
