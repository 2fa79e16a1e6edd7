// The host in a plain browser: made-up figures that move, and the refusals a real host would give.
// Never part of the app's build. `?scenario=` chooses the situation, `?beat=` the milliseconds between snapshots (0: still),
// `?page=` the page it was opened for.
import type { AlertRule } from '../bindings/AlertRule';
import type { AlertStatus } from '../bindings/AlertStatus';
import type { Route } from '../bindings/Route';
import type { SessionDetail } from '../bindings/SessionDetail';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host, SessionQuery } from './host';
import { Desk } from './made-up-desk';
import { Notes } from './made-up-notes';
import { madeUpBlocks, madeUpHistory, ORDINARY_PAST, type PastWish } from './made-up-past';
import { refusal } from './made-up-refusal';
import { ordinary, scenarios, START, type Scenario } from './scenarios';

/** What the page asked of its host, for tests to read. */
export interface FixtureRecord {
  calls: string[];
  /** Takes the resident away or brings it back. */
  connect: (connected: boolean) => void;
  /** Opens the popover for a page. */
  route: (route: Route) => void;
  /** Begins a new block, and tells of it. */
  begin: () => void;
  /** Tells of another snapshot: what is given for this one holds from now on. */
  tell: (change: (now: Snapshot) => Partial<Snapshot>) => void;
  /** Changes a setting as another surface would. */
  elsewhere: (key: string, value: unknown) => void;
  /** Makes readable what could not be read. */
  mend: () => void;
  /** Has the system show nothing until what it answers with is called. */
  hold: () => () => void;
}

declare global {
  interface Window {
    fixture?: FixtureRecord;
  }
}

const BEAT = 500;

/** As long as a real host takes to answer, so that waiting is seen too. */
const LATENCY = 20;

export function createHost(): Host {
  const query = new URLSearchParams(location.search);
  const scenario = scenarios[query.get('scenario') ?? 'normal'] ?? scenarios['normal'];
  if (!scenario) throw new Error('the normal scenario is always there');
  const route = { page: query.get('page') ?? 'now' } as Route;
  return new Fixture(scenario, Number(query.get('beat') ?? BEAT), route).host();
}

class Fixture {
  private readonly calls: string[] = [];
  private readonly snapshots = new Set<(snapshot: Snapshot) => void>();
  private readonly connections = new Set<(connected: boolean) => void>();
  private readonly routes = new Set<(route: Route) => void>();
  private readonly began = Date.now();
  private system: Promise<void> = Promise.resolve();
  private told: Partial<Snapshot> = {};
  private mended = false;
  private begun = 0;
  private beat = 0;
  private connected: boolean;
  private readonly scenario: Scenario;
  private readonly notes: Notes;
  private readonly desk: Desk;
  private readonly first: Route;

  constructor(scenario: Scenario, interval: number, first: Route) {
    this.scenario = scenario;
    this.first = first;
    this.notes = new Notes(scenario.sessions);
    this.desk = new Desk(scenario.desk ?? {});
    this.connected = scenario.connected;
    window.fixture = {
      calls: this.calls,
      connect: (connected) => this.connect(connected),
      route: (route) => this.routes.forEach((hear) => hear(route)),
      begin: () => {
        this.begun += 1;
        this.next();
      },
      tell: (change) => {
        this.told = { ...this.told, ...change(this.now()) };
        this.next();
      },
      elsewhere: (key, value) => void this.desk.change(key, value),
      mend: () => (this.mended = true),
      hold: () => {
        let release: () => void = () => undefined;
        this.system = new Promise((done) => (release = done));
        return release;
      },
    };
    if (interval > 0) setInterval(() => this.next(), interval);
  }

  host(): Host {
    return {
      snapshot: () => this.answer('snapshot', () => this.now()),
      onSnapshot: (hear) => subscribe(this.snapshots, hear),
      onConnection: (hear) => subscribe(this.connections, hear),
      sessions: (query) => this.answer(asked(query), () => this.page(query)),
      session: (id) => this.answer(`session ${id}`, () => this.session(id)),
      rename: (id, name) => this.answer(`rename ${id}`, () => this.notes.describe(id, { name })),
      describe: (id, changes) => this.answer(`describe ${id} ${JSON.stringify(changes)}`, () => this.notes.describe(id, changes)),
      blocks: (offset, limit) => this.answer(`blocks ${offset}`, () => madeUpBlocks(this.past(), offset, limit, this.begun)),
      history: (from, to, by) => this.answer(`history ${from ?? ''} ${to ?? ''} ${by}`, () => madeUpHistory(this.past(), from, to, by)),
      settings: () => this.answer('settings', () => this.desk.settings()),
      change: (key, value) => this.answer(`change ${key} ${JSON.stringify(value)}`, () => this.desk.change(key, value)),
      alerts: (limit) => this.answer('alerts', () => this.desk.alerts(limit)),
      seeAlerts: () => this.answer('seeAlerts', () => this.desk.see()),
      testAlert: (rule) => this.fate(rule),
      pauseAlerts: (pause) => this.answer(`pauseAlerts ${pause}`, () => this.desk.pause(pause)),
      frame: () => this.answer('frame', () => this.scenario.frame ?? 'popover'),
      route: () => this.answer('route', () => this.first),
      onRoute: (hear) => subscribe(this.routes, hear),
      autostart: () => this.answer('autostart', () => this.desk.turn('autostart')),
      setAutostart: (on) => this.answer(`setAutostart ${on}`, () => this.desk.turn('autostart', on)),
      statusline: () => this.answer('statusline', () => this.desk.turn('statusline')),
      setStatusline: (on) => this.answer(`setStatusline ${on}`, () => this.desk.turn('statusline', on)),
      saveDiagnostics: () => this.answer('saveDiagnostics', () => '/home/ada/token-monitor-diagnostics-2026-03-14.json'),
      startResident: () => this.start(),
      dismiss: () => this.note('dismiss'),
      painted: () => this.note('painted'),
    };
  }

  private past(): PastWish {
    const past = this.scenario.past ?? ORDINARY_PAST;
    if (past !== 'broken') return past;
    if (!this.mended) throw refusal('internal', 'The store could not be read.', 'Restart Token Monitor.');
    return ORDINARY_PAST;
  }

  private now(): Snapshot {
    const at = START + (Date.now() - this.began);
    const day = ordinary(this.notes.all(), this.beat, at);
    return { ...day, alerts: { ...this.desk.status }, ...this.scenario.change(day, this.beat), ...this.told };
  }

  private next(): void {
    this.beat += 1;
    if (this.connected) for (const hear of this.snapshots) hear(this.now());
  }

  private connect(connected: boolean): void {
    this.connected = connected;
    for (const hear of this.connections) hear(connected);
  }

  private note(call: string): Promise<void> {
    this.calls.push(call);
    return Promise.resolve();
  }

  private async answer<T>(call: string, make: () => T): Promise<T> {
    this.calls.push(call);
    await new Promise((resolve) => setTimeout(resolve, LATENCY));
    if (!this.connected) throw refusal('offline', 'Token Monitor is not running.', 'Start it.');
    return make();
  }

  /** A system takes its time to show something; a test may hold it back longer. */
  private async fate(rule: AlertRule): Promise<AlertStatus> {
    this.calls.push(`testAlert ${rule}`);
    await this.system;
    return this.answer('fate', () => this.desk.test(rule));
  }

  private async start(): Promise<void> {
    this.calls.push('start');
    await new Promise((resolve) => setTimeout(resolve, LATENCY * 10));
    this.connect(true);
  }

  private page(query: SessionQuery) {
    return { ...this.notes.list(query), totals: this.now().totals };
  }

  private session(id: string): SessionDetail {
    const detail = this.scenario.detail({ ...this.notes.find(id) });
    return { ...detail, description: this.notes.description(id) ?? detail.description };
  }
}

/** The usual order is not told. */
function asked({ offset, search, sort }: SessionQuery): string {
  const order = sort === 'recent' ? '' : `by ${sort}`;
  return ['sessions', offset, order, search ?? ''].filter((word) => word !== '').join(' ');
}

function subscribe<T>(listeners: Set<T>, hear: T): Promise<() => void> {
  listeners.add(hear);
  return Promise.resolve(() => void listeners.delete(hear));
}
