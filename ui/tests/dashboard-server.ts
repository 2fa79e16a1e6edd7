// A web server for the web build: sessions by cookie, requests, events and exports as `token-monitor serve` has them, with the
// data of a scenario.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ApiError } from '../src/bindings/ApiError';
import type { ErrorCode } from '../src/bindings/ErrorCode';
import type { Request } from '../src/bindings/Request';
import type { Snapshot } from '../src/bindings/Snapshot';
import { FixtureEngine } from '../src/host/fixtures/fixture-engine';
import { scenarios } from '../src/host/fixtures/scenarios';
import { readBody, sendFile, sendJson } from './http-responses';
import { appPolicy } from './serve';

const built = fileURLToPath(new URL('../dist-web', import.meta.url));

/** The cookie of the only session. */
const COOKIE = 'session=made-up';

/** The status of each error. */
const statuses: Record<ErrorCode, number> = { nameTaken: 409, nameInvalid: 422, notFound: 404, offline: 503, badValue: 422, busy: 503, forbidden: 403, internal: 500 };

export const EXPORTED = 'day,model,total_tokens\r\n2026-03-14,claude-opus-4-5,1200\r\n';

export class DashboardServer {
  readonly engine: FixtureEngine;
  /** The requests so far, with their methods. */
  readonly requests: string[] = [];
  /** False once the session has ended. */
  hasSession = true;
  private readonly streams = new Set<ServerResponse>();
  private readonly server: Server;
  private policy = '';

  constructor(scenario = 'normal') {
    const chosen = scenarios[scenario];
    if (!chosen) throw new Error(`no scenario is called ${scenario}`);
    this.engine = new FixtureEngine(chosen);
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => sendJson(response, 500, { code: 'internal', message: String(error), hint: null }));
    });
  }

  async start(): Promise<this> {
    this.policy = (await appPolicy()).replace(/connect-src [^;]*/, "connect-src 'self'").replace(/manifest-src [^;]*/, "manifest-src 'self'");
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** The cookie of a browser that is signed in. */
  get storageState() {
    const [name = '', value = ''] = COOKIE.split('=');
    const cookie = { name, value, domain: '127.0.0.1', path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Strict' as const };
    return { cookies: [cookie], origins: [] };
  }

  /** Changes all snapshots from now on, and sends one to every stream. */
  change(change: (now: Snapshot) => Partial<Snapshot>): void {
    this.engine.changeSnapshot(change);
    this.engine.beat += 1;
    for (const stream of this.streams) this.sendSnapshot(stream);
  }

  /** Ends all streams of events. */
  dropStreams(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  async stop(): Promise<void> {
    this.dropStreams();
    this.server.closeAllConnections();
    await new Promise((done) => void this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', this.url);
    this.requests.push(`${request.method} ${pathname}${search}`);
    response.setHeader('Content-Security-Policy', this.policy);
    response.setHeader('Cache-Control', 'no-store');
    if (pathname === '/sign-in') return this.signIn(search, response);
    const isPublic = !pathname.startsWith('/dashboard/') && !pathname.startsWith('/api/') && pathname !== '/sign-out';
    if (isPublic) return sendFile(built, pathname === '/' ? '/index.html' : pathname, response);
    if (!this.hasSession || request.headers.cookie !== COOKIE) return sendJson(response, 401, { code: 'forbidden', message: 'Not signed in.', hint: null });
    switch (`${request.method} ${pathname}`) {
      case 'POST /sign-out':
        return void response.writeHead(204, { 'Set-Cookie': 'session=; Max-Age=0; Path=/' }).end();
      case 'GET /dashboard/start':
        return sendJson(response, 200, { demo: false, version: '0.1.0' });
      case 'POST /dashboard/request':
        return this.respond(JSON.parse(await readBody(request)) as Request, response);
      case 'GET /api/v1/events':
        return this.openStream(response);
      case 'GET /api/v1/export':
        response.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="token-monitor-2026-03-14.csv"' });
        return void response.end(EXPORTED);
      default:
        return sendJson(response, 404, { type: 'about:blank', title: 'Not Found', status: 404 });
    }
  }

  /** A link with the code signs in; without it, a page asks for one. */
  private signIn(search: string, response: ServerResponse): void {
    if (search === '?code=once') return void response.writeHead(303, { Location: '/', 'Set-Cookie': `${COOKIE}; HttpOnly; SameSite=Strict; Path=/` }).end();
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in</h1></html>');
  }

  private respond(request: Request, response: ServerResponse): void {
    try {
      sendJson(response, 200, this.engine.respond(request));
    } catch (thrown) {
      const { code, message, hint } = thrown as Error & ApiError;
      sendJson(response, statuses[code] ?? 500, { code, message, hint });
    }
  }

  private openStream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('retry: 200\n\n');
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
    this.sendSnapshot(response);
  }

  private sendSnapshot(stream: ServerResponse): void {
    const snapshot = this.engine.snapshot();
    stream.write(`event: snapshot\nid: ${snapshot.revision}\ndata: ${JSON.stringify(snapshot)}\n\n`);
  }
}
