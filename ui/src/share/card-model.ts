// The contents of the share card. Pure: everything that is drawn stands here, and nothing else is drawn. Names of projects
// are part of it only if they are asked for.
import type { History } from '../bindings/History';
import type { WeekStart } from '../bindings/WeekStart';
import { createHeatScale, type HeatStep } from '../charts/scale';
import { firstWeekday, formatMonthAndYear, parseDay } from '../lib/calendar-day';
import { formatCompact, formatCompactDollars, formatNumber } from '../lib/format';
import { baseName, sanitizeName } from '../lib/sanitize';
import { kindShare, type TokenKind, tokenKinds } from '../lib/token-kinds';
import { indexByDay, layoutYear, monthLabels } from '../pages/history/day-chart-layout';
import { yearFacts } from '../pages/history/year-facts';
import { text } from '../strings';

/** The number of days of the leading figure. */
export const CARD_DAYS = 30;

/** The most projects that are named. */
const MAX_PROJECTS = 3;

export interface CardOptions {
  showsCost: boolean;
  showsProjects: boolean;
  weekStart: WeekStart;
  /** True if the figures are sample data, which the card says. */
  isDemo: boolean;
}

export interface CardSquare {
  week: number;
  row: number;
  step: HeatStep;
}

export interface CardModel {
  month: string;
  lead: string;
  caption: string;
  figures: { value: string; label: string }[];
  squares: CardSquare[];
  weeks: number;
  months: { week: number; name: string }[];
  kinds: { kind: TokenKind; share: number }[];
  /** Empty if no names are to be shown. */
  projects: string[];
  foot: string;
}

/** Builds the card from the last days and the year. The last days are divided by project if projects are to be named. */
export function buildCard(recent: History, year: History, options: CardOptions): CardModel {
  const last = parseDay(year.to) ?? 0;
  const cells = layoutYear(last, firstWeekday(options.weekStart));
  return {
    month: formatMonthAndYear(last),
    lead: formatCompact(recent.totals.totalTokens),
    caption: text.reach.card.tokens(formatNumber(CARD_DAYS)),
    figures: cardFigures(recent, year, options),
    squares: cardSquares(year, cells),
    weeks: (cells[0]?.week ?? 0) + 1,
    months: monthLabels(cells),
    kinds: tokenKinds.map((kind) => ({ kind, share: kindShare(recent.totals, kind) })),
    projects: options.showsProjects ? projectNames(recent) : [],
    foot: cardFoot(options),
  };
}

function cardFigures(recent: History, year: History, { showsCost }: CardOptions): CardModel['figures'] {
  const facts = yearFacts(indexByDay(year.days), parseDay(year.to) ?? 0, 'tokens');
  const { totalCost } = recent.totals;
  const figures = [];
  if (showsCost && totalCost !== null) figures.push({ value: formatCompactDollars(totalCost), label: text.apiEquivalent });
  figures.push({ value: text.reach.card.days(formatNumber(facts.streak), facts.streak), label: text.reach.card.streak });
  if (facts.best) figures.push({ value: formatCompact(facts.best.value), label: text.reach.card.bestDay });
  return figures;
}

function cardSquares(year: History, cells: ReturnType<typeof layoutYear>): CardSquare[] {
  const days = indexByDay(year.days);
  const stepOf = createHeatScale(year.days.map((day) => day.amount.tokens));
  return cells.map(({ day, week, row }) => ({ week, row, step: stepOf(days.get(day)?.amount.tokens ?? 0) }));
}

/** Returns the names of the folders with the most tokens, without their paths. */
function projectNames(recent: History): string[] {
  const named = recent.parts.filter((part) => part.name !== null && part.amount.tokens > 0);
  const byTokens = named.sort((a, b) => b.amount.tokens - a.amount.tokens).slice(0, MAX_PROJECTS);
  return byTokens.map((part) => sanitizeName(baseName(part.name ?? '')));
}

function cardFoot({ showsProjects, isDemo }: CardOptions): string {
  if (isDemo) return text.reach.card.sample;
  return showsProjects ? text.reach.card.withNames : text.reach.card.sumsOnly;
}

/** Describes the card for people who cannot see it. */
export function describeCard(card: CardModel): string {
  const figures = card.figures.map(({ value, label }) => `${value} ${label}`);
  return [card.month, `${card.lead} ${card.caption}`, ...figures, ...card.projects, card.foot].join('; ');
}
