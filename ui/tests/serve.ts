// Serves the fixture build as the app would: the same policy on every answer, and nothing from elsewhere.
// It refuses paths outside the build, and counts nothing; the tests read the browser's own record.
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    url: string;
  }
}

/** What the app's own configuration sends, word for word. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src ipc: http://ipc.localhost; base-uri 'none'; form-action 'none'; frame-src 'none'; " +
  "frame-ancestors 'none'; object-src 'none'; worker-src 'none'; media-src 'none'; manifest-src 'none'";

const built = fileURLToPath(new URL('../../target/ui-fixture', import.meta.url));

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

async function answer(path: string, response: ServerResponse): Promise<void> {
  const file = normalize(path === '/' ? '/index.html' : path);
  try {
    const body = await readFile(join(built, file));
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Starts before the first test and answers how to stop after the last. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://127.0.0.1').pathname, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  project.provide('url', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return () => new Promise((done) => void server.close(() => done()));
}
