// What a person may change, made up: settings, alerts, pauses, notes on sessions, and the refusals a real host would give.
import type { AlertFate } from '../bindings/AlertFate';
import type { AlertRow } from '../bindings/AlertRow';
import type { AlertRule } from '../bindings/AlertRule';
import type { AlertStatus } from '../bindings/AlertStatus';
import type { Pause } from '../bindings/Pause';
import type { Route } from '../bindings/Route';
import type { SettingRow } from '../bindings/SettingRow';
import type { SettingsPage } from '../bindings/SettingsPage';
import { iso, madeUpSession, START } from './made-up';
import { refusal } from './made-up-refusal';

const MINUTE = 60_000;

type Kind = SettingRow extends infer Row ? (Row extends SettingRow ? Omit<Row, 'key' | 'value' | 'default' | 'origin' | 'canChange' | 'needsRestart'> : never) : never;

const isOn: Kind = { kind: 'switch' };
const duration: Kind = { kind: 'duration' };
const line: Kind = { kind: 'text', several: false };
const lines: Kind = { kind: 'text', several: true };
const percents: Kind = { kind: 'numbers', least: 1, most: 100 };
const one = (...words: string[]): Kind => ({ kind: 'choice', words });
const number = (most: number, ...words: string[]): Kind => ({ kind: 'number', words, least: 1, most });

const madeUp: readonly [string, Kind, unknown][] = [
  ['claude_config_dirs', lines, ['~/.config/claude/projects', '~/.claude/projects']],
  ['monitoring.watch_interval', duration, '1s'],
  ['monitoring.update_frequency', duration, '1s'],
  ['monitoring.session_retention', duration, '720h'],
  ['performance.worker_pool_size', number(64), 5],
  ['performance.cache_size', number(10_000), 100],
  ['performance.batch_window', duration, '100ms'],
  ['display.default_mode', one('live', 'status'), 'live'],
  ['display.color_enabled', isOn, true],
  ['display.refresh_rate', duration, '1s'],
  ['display.tray', { kind: 'choices', words: ['tokens', 'cost', 'block', 'left', 'burn'], most: 2 }, ['tokens', 'left']],
  ['display.theme', one('auto', 'light', 'dark', 'contrast'), 'auto'],
  ['display.zone', line, 'auto'],
  ['display.week_start', one('auto', 'monday', 'saturday', 'sunday'), 'auto'],
  ['display.keep_popover', duration, '0s'],
  ['storage.db_path', line, '~/.config/token-monitor/sessions.db'],
  ['storage.cache_dir', line, '~/.config/token-monitor/cache/'],
  ['logging.level', one('error', 'warn', 'info', 'debug', 'trace'), 'info'],
  ['logging.output', one('stderr', 'file'), 'stderr'],
  ['blocks.anchor', one('auto', 'estimate', 'utc'), 'auto'],
  ['blocks.token_limit', number(1e12, 'auto', 'max', 'p90'), 'auto'],
  ['blocks.cost_limit', number(1e6, 'none', 'auto', 'max', 'p90'), 'none'],
  ['cost.mode', one('auto', 'calculate', 'display'), 'auto'],
  ['pricing.source', one('bundled', 'litellm'), 'bundled'],
  ['pricing.litellm_url', line, 'https://prices.example/model_prices_and_context_window.json'],
  ['alerts.enabled', isOn, true],
  ['alerts.block', percents, [50, 75, 90, 100]],
  ['alerts.forecast', isOn, true],
  ['alerts.burn_rate_tokens', number(1e9, 'none'), 'none'],
  ['alerts.burn_rate_cost', number(1e6, 'none'), 'none'],
  ['alerts.burn_rate_minutes', number(1_440), 5],
  ['alerts.week', percents, [75, 90, 100]],
  ['alerts.reset', isOn, true],
  ['alerts.limit_hit', isOn, true],
  ['alerts.daily_budget', line, 'none'],
  ['alerts.session_cost', number(1e6, 'none'), 'none'],
  ['alerts.cleaning', isOn, true],
  ['alerts.sound', isOn, false],
  ['alerts.quiet_hours', line, 'none'],
  ['alerts.quiet_summary', isOn, true],
  ['alerts.command', lines, []],
  ['novel.setting_without_words', isOn, false],
];

/** Read before anything saved is known. */
const early = ['storage.', 'logging.', 'display.default_mode', 'display.color_enabled', 'display.refresh_rate'];

const lengths: Record<Exclude<Pause, 'off'>, number> = {
  fifteenMinutes: 15 * MINUTE,
  thirtyMinutes: 30 * MINUTE,
  hour: 60 * MINUTE,
  untilReset: 130 * MINUTE,
  untilTomorrow: 682 * MINUTE,
};

const told: readonly [number, AlertRule, string, string, string, AlertFate, Route][] = [
  [4, 'block', 'Block 75 % used', '2 h 10 m left, resets 15:48', '76 % of your blocks’ P90, threshold 75 %', 'failed', { page: 'now' }],
  [31, 'sessionCost', 'why is the build slow', 'cost $10.20 API-equivalent', '$10.20, threshold $10', 'shown', { page: 'session', sessionId: madeUpSession(2).sessionId }],
  [95, 'burnRate', 'Burn rate 214,000 tokens a minute', 'for 5 minutes', '214,000 a minute, threshold 200,000', 'limited', { page: 'now' }],
  [640, 'reset', 'A new block has begun', 'the last one held 4.61 M tokens', 'the last block was 95 % used', 'quiet', { page: 'now' }],
  [1_530, 'week', 'Week 90 % used', 'resets Thu 09:00', '91 % of the week, threshold 90 %', 'paused', { page: 'now' }],
  [2_900, 'limitHit', 'Limit reached', 'resets 19:00', 'Claude Code reported it', 'shown', { page: 'now' }],
];

/** What a scenario says of the desk. */
export interface DeskWish {
  unseen?: number;
  unavailable?: string | null;
  /** Stands in every text of an alert. */
  hostile?: readonly string[];
  /** How many there are; a handful unless told. */
  alerts?: number;
  problems?: readonly string[];
}

export class Desk {
  readonly status: AlertStatus;
  private readonly rows: SettingRow[];
  private readonly problems: string[];
  private past: AlertRow[];
  private readonly system = { autostart: true, statusline: false };

  constructor(wish: DeskWish) {
    this.status = { pausedUntil: null, unseen: wish.unseen ?? 0, unavailable: wish.unavailable ?? null };
    this.rows = madeUp.map(([key, kind, value]) => row(key, kind, value));
    this.problems = [...(wish.problems ?? [])];
    this.past = madeUpAlerts(wish.alerts ?? told.length, wish.hostile);
  }

  settings(): SettingsPage {
    return {
      rows: structuredClone(this.rows),
      problems: [...this.problems],
      configPath: '/home/ada/.config/token-monitor/config.yaml',
      storePath: '/home/ada/.config/token-monitor/sessions.db',
      version: '0.1.0',
    };
  }

  change(key: string, value: unknown): SettingsPage {
    const held = this.rows.find((other) => other.key === key);
    if (!held?.canChange) throw refusal('badValue', `${key} cannot be changed here.`, null);
    if (value !== null) check(held, value);
    held.value = value ?? held.default;
    held.origin = value === null ? 'default' : 'saved';
    return this.settings();
  }

  alerts(limit: number): AlertRow[] {
    return structuredClone(this.past.slice(0, limit));
  }

  see(): AlertStatus {
    this.status.unseen = 0;
    return { ...this.status };
  }

  test(rule: AlertRule): AlertStatus {
    const shown = this.status.unavailable === null;
    const alert = pastAlert([0, rule, 'A test', 'This is how it looks', 'you asked for it', shown ? 'shown' : 'failed', { page: 'alerts' }], this.past.length + 1);
    this.past = [{ ...alert, isTest: true }, ...this.past];
    if (!shown) this.status.unseen += 1;
    return { ...this.status };
  }

  pause(pause: Pause): AlertStatus {
    this.status.pausedUntil = pause === 'off' ? null : iso(START + lengths[pause]);
    return { ...this.status };
  }

  /** Asks for, or turns, a switch of the system. */
  turn(name: 'autostart' | 'statusline', on = this.system[name]): boolean {
    this.system[name] = on;
    return on;
  }
}

/** Those that are told, over and over. */
function madeUpAlerts(count: number, hostile: readonly string[] = []): AlertRow[] {
  return Array.from({ length: count }, (_, at) => pastAlert(told[at % told.length] as (typeof told)[number], count - at, hostile[at]));
}

function row(key: string, kind: Kind, value: unknown): SettingRow {
  const needsRestart = early.some((start) => key.startsWith(start));
  const fixed = key === 'claude_config_dirs';
  const origin = fixed ? ('environment' as const) : key === 'cost.mode' ? ('file' as const) : ('default' as const);
  return { ...kind, key, value, default: value, origin, canChange: !needsRestart && !fixed, needsRestart };
}

function check(row: SettingRow, value: unknown): void {
  const numbers = Array.isArray(value) ? value : [value];
  const within = (least: number, most: number) => numbers.every((each) => typeof each !== 'number' || (each >= least && each <= most));
  if ((row.kind === 'number' || row.kind === 'numbers') && !within(row.least, row.most)) {
    throw refusal('badValue', `${row.key}: expected from ${row.least} to ${row.most}`, null);
  }
  if (row.kind === 'duration' && !/^\d+(ms|s|m|h)$/.test(String(value))) {
    throw refusal('badValue', `${row.key}: expected a duration such as 1s`, null);
  }
}

function pastAlert([minutes, rule, title, body, cause, fate, route]: (typeof told)[number], id: number, hostile?: string): AlertRow {
  const words = hostile === undefined ? { title, body, cause } : { title: hostile, body: hostile, cause: hostile };
  return { id, at: iso(START - minutes * MINUTE), rule, ...words, route, fate, isTest: false };
}
