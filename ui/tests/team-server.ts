// A web server for the team's build: the session, the reports and the rules as `token-monitor-hub` has them, with made-up members.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { History } from '../src/bindings/History';
import type { AllocationRule, RuleSettings, TeamBudget, TeamCaller, TeamDevice, TeamLimit, TeamSession } from '../src/host/team';
import { readBody, sendFile, sendJson } from './http-responses';
import { appPolicy } from './serve';

const built = fileURLToPath(new URL('../dist-team', import.meta.url));
const DAY = 24 * 60 * 60 * 1_000;

/** A name that a member chose to cause harm. */
export const HOSTILE = '<img src=x onerror=alert(1)>\u202e';

const device = (member: string, change: Partial<TeamDevice> = {}): TeamDevice => ({
  member,
  isAdmin: false,
  device: 'desk',
  level: 1,
  lastSeen: new Date(Date.now() - 5 * 60_000).toISOString(),
  revokedAt: null,
  ...change,
});

const session = (sessionName: string | null, change: Partial<TeamSession> = {}): TeamSession => ({
  member: 'Ada',
  device: 'desk',
  session: '0123456789abcdef0123456789abcdef',
  sessionName,
  description: null,
  tags: [],
  project: 'fedcba9876543210fedcba9876543210',
  repository: 'acme/shop',
  branch: 'main',
  lastActivity: new Date(Date.now() - 65 * 60_000).toISOString(),
  isActive: false,
  totalTokens: 1_234_567,
  totalCost: 3.5,
  ...change,
});

const limit = (member: string, usedPercent: number, minutes: number, change: Partial<TeamLimit> = {}): TeamLimit => ({
  member,
  device: 'desk',
  window: 'fiveHour',
  scope: null,
  usedPercent,
  resetsAt: new Date(Date.now() + minutes * 60_000 + 30_000).toISOString(),
  readAt: new Date(Date.now() - 3 * 60_000).toISOString(),
  ...change,
});

export class TeamServer {
  /** The requests so far, with their methods. */
  readonly requests: string[] = [];
  caller: TeamCaller = { organization: 'acme', member: 'Ada', isAdmin: true, version: '0.1.0' };
  devices: TeamDevice[] = [
    device('Ada', { isAdmin: true, level: 3 }),
    device('Grace Brewster Murray Hopper of the very long name department', { device: 'a laptop with a very long name as well', level: 2 }),
    device('Alan', { lastSeen: null, level: 0 }),
    device(HOSTILE, { revokedAt: '2026-03-01T00:00:00Z' }),
  ];
  sessions: TeamSession[] = [
    session('Refunds', { isActive: true, tags: ['billing', 'a tag with a name that is rather long'], description: 'Refunds that arrive after the invoice was closed, in all currencies' }),
    session(null, { repository: null, totalCost: null }),
    session(HOSTILE, { member: 'Grace Brewster Murray Hopper of the very long name department', description: HOSTILE, lastActivity: null }),
  ];
  limits: TeamLimit[] = [
    limit('Ada', 92.4, 125),
    limit(HOSTILE, 79.9, 12, { device: 'a laptop with a very long name as well' }),
    limit('Grace Brewster Murray Hopper of the very long name department', 12, 3_000, { window: 'weeklyScoped', scope: 'Opus' }),
  ];
  rules: AllocationRule[] = [];
  budgets: TeamBudget[] = [];
  /** False once the session has ended. */
  hasSession = true;
  /** The number of days with usage. */
  days = 40;
  /** The detail with which the next change of a rule is refused. */
  refusal: string | null = null;
  private readonly server: Server;
  private policy = '';

  constructor() {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => sendJson(response, 500, { title: String(error) }));
    });
  }

  async start(): Promise<this> {
    this.policy = (await appPolicy()).replace(/connect-src [^;]*/, "connect-src 'self'");
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => void this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', this.url);
    this.requests.push(`${request.method} ${pathname}${search}`);
    response.setHeader('Content-Security-Policy', this.policy);
    if (pathname === '/sign-in') return void response.end('<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in</h1></html>');
    if (!pathname.startsWith('/api/') && pathname !== '/sign-out') return sendFile(built, pathname === '/' ? '/team.html' : pathname, response);
    if (!this.hasSession) return sendJson(response, 401, { title: 'Unauthorized' });
    const [, , , resource = pathname, id] = pathname.split('/');
    switch (`${request.method} ${resource}`) {
      case 'GET me':
        return sendJson(response, 200, this.caller);
      case 'GET devices':
        return sendJson(response, 200, { devices: this.devices });
      case 'GET sessions':
        return sendJson(response, 200, { sessions: this.sessions, hasMore: true, sharingDevices: 2 });
      case 'GET limits':
        return sendJson(response, 200, { limits: this.limits });
      case 'GET budgets':
        return sendJson(response, 200, { budgets: this.budgets });
      case 'GET history':
        return sendJson(response, 200, this.history(searchParams.get('by') ?? 'member', searchParams.get('since')));
      case 'GET rules':
        return sendJson(response, 200, { rules: this.rules });
      case 'POST rules':
      case 'PUT rules':
        return this.saveRule(id, JSON.parse(await readBody(request)) as RuleSettings, response);
      case 'DELETE rules':
        this.rules = this.rules.filter((rule) => rule.id !== id);
        return void response.writeHead(204).end();
      case 'POST /sign-out':
        return void response.writeHead(204).end();
      default:
        return sendJson(response, 404, { title: 'Not Found' });
    }
  }

  private saveRule(id: string | undefined, settings: RuleSettings, response: ServerResponse): void {
    if (this.refusal !== null) return sendJson(response, 400, { title: 'Bad Request', detail: this.refusal });
    const rule = { ...settings, position: settings.position ?? this.rules.length + 1, id: id ?? `rule-${this.rules.length}` };
    this.rules = [...this.rules.filter((other) => other.id !== rule.id), rule];
    sendJson(response, id === undefined ? 201 : 200, rule);
  }

  private history(by: string, since: string | null): History {
    const names = by === 'costCenter' ? ['Payments', null] : [`${by} one`, `${by} with a name that is much longer than the others`, HOSTILE, null];
    const today = Math.floor(Date.now() / DAY);
    const first = since === null ? today - this.days + 1 : Date.parse(since) / DAY;
    const dates = Array.from({ length: Math.max(0, Math.min(this.days, today - first + 1)) }, (_, back) => today - back).reverse();
    const amount = (tokens: number) => ({ tokens, cost: tokens / 100_000 });
    const days = dates.map((day) => {
      const parts = names.map((_, at) => 10_000 * (names.length - at) + 100 * (day % 7));
      return { date: new Date(day * DAY).toISOString().slice(0, 10), amount: amount(parts.reduce((sum, part) => sum + part, 0)), parts: parts.map(amount) };
    });
    const sumOf = (at: number) => days.reduce((sum, day) => sum + (day.parts[at]?.tokens ?? 0), 0);
    const total = days.reduce((sum, day) => sum + day.amount.tokens, 0);
    return {
      from: new Date(first * DAY).toISOString().slice(0, 10),
      to: new Date(today * DAY).toISOString().slice(0, 10),
      parts: names.map((name, at) => ({ name, count: name === null && by !== 'costCenter' ? 3 : 1, amount: amount(sumOf(at)) })),
      days,
      hours: [],
      totals: {
        inputTokens: 0, outputTokens: total, cacheCreationTokens: 0, cacheCreation1hTokens: 0, cacheReadTokens: 0, totalTokens: total,
        totalCost: total / 100_000, costByKind: null, costBasis: 'API-equivalent', unpricedTokens: 0, messageCount: days.length,
        underLoggedMessages: 0, label: 'measured',
      },
    };
  }
}
