// The host in a plain browser: made-up figures that move, and the refusals a real host would give.
// Never part of the app's build. `?scenario=` chooses the situation, `?beat=` the milliseconds between snapshots (0: still).
import type { SessionDetail } from '../bindings/SessionDetail';
import type { SessionMetadata } from '../bindings/SessionMetadata';
import type { SessionStats } from '../bindings/SessionStats';
import type { Snapshot } from '../bindings/Snapshot';
import type { Host, Refusal, SessionQuery } from './host';
import { iso, ordinary, scenarios, START, type Scenario } from './scenarios';

/** What the page asked of its host, for tests to read. */
export interface FixtureRecord {
  calls: string[];
  /** Takes the resident away or brings it back. */
  connect: (connected: boolean) => void;
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
  return new Fixture(scenario, Number(query.get('beat') ?? BEAT)).host();
}

class Fixture {
  private readonly calls: string[] = [];
  private readonly snapshots = new Set<(snapshot: Snapshot) => void>();
  private readonly connections = new Set<(connected: boolean) => void>();
  private readonly began = Date.now();
  private beat = 0;
  private connected: boolean;
  private readonly scenario: Scenario;
  private readonly sessions: SessionStats[];

  constructor(scenario: Scenario, interval: number) {
    this.scenario = scenario;
    this.sessions = scenario.sessions.map((session) => ({ ...session }));
    this.connected = scenario.connected;
    window.fixture = { calls: this.calls, connect: (connected) => this.connect(connected) };
    if (interval > 0) setInterval(() => this.next(), interval);
  }

  host(): Host {
    return {
      snapshot: () => this.answer('snapshot', () => this.now()),
      onSnapshot: (hear) => subscribe(this.snapshots, hear),
      onConnection: (hear) => subscribe(this.connections, hear),
      sessions: (query) => this.answer(`sessions ${query.offset} ${query.search ?? ''}`.trim(), () => this.page(query)),
      session: (id) => this.answer(`session ${id}`, () => this.session(id)),
      rename: (id, name) => this.answer(`rename ${id}`, () => this.rename(id, name)),
      startResident: () => this.start(),
      dismiss: () => this.note('dismiss'),
      painted: () => this.note('painted'),
    };
  }

  private now(): Snapshot {
    const at = START + (Date.now() - this.began);
    const day = ordinary(this.sessions, this.beat, at);
    return { ...day, ...this.scenario.change(day, this.beat) };
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

  private async start(): Promise<void> {
    this.calls.push('start');
    await new Promise((resolve) => setTimeout(resolve, LATENCY * 10));
    this.connect(true);
  }

  private page({ offset, limit, search }: SessionQuery) {
    const sought = search?.toLowerCase() ?? '';
    const found = this.sessions.filter((session) => matches(session, sought));
    const sessions = found.slice(offset, offset + limit).map((session) => ({ ...session }));
    return { sessions, totals: this.now().totals, count: found.length };
  }

  private session(id: string): SessionDetail {
    const session = this.sessions.find((other) => other.sessionId === id);
    if (!session) throw refusal('notFound', 'This session is no longer there.', null);
    return this.scenario.detail({ ...session });
  }

  private rename(id: string, name: string): SessionMetadata {
    const session = this.sessions.find((other) => other.sessionId === id);
    if (!session) throw refusal('notFound', 'This session is no longer there.', null);
    if (name.length > 200) throw refusal('nameInvalid', 'A name has at most 200 characters.', 'Choose a shorter one.');
    const taken = this.sessions.some((other) => other !== session && other.displayName.toLowerCase() === name.toLowerCase());
    if (taken) throw refusal('nameTaken', 'Another session has this name.', 'Names are unique; choose another.');
    session.sessionName = name;
    session.displayName = name;
    session.nameSource = 'user';
    const at = iso(START);
    return { uuid: id, name, projectPath: session.projectPath, createdAt: at, updatedAt: at, tags: [], description: null };
  }
}

function subscribe<T>(listeners: Set<T>, hear: T): Promise<() => void> {
  listeners.add(hear);
  return Promise.resolve(() => void listeners.delete(hear));
}

function matches(session: SessionStats, sought: string): boolean {
  return [session.displayName, session.projectPath ?? '', session.sessionId].some((text) => text.toLowerCase().includes(sought));
}

function refusal(code: Refusal['code'], message: string, hint: string | null): Error & Refusal {
  return Object.assign(new Error(message), { code, hint });
}
