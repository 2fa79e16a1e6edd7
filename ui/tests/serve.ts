// Serves the fixture build with the app's policy, and starts the browser that all test files share. Paths outside the
// build are rejected.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserServer, chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    url: string;
    /** The WebSocket endpoint of the browser. */
    browser: string;
  }
}

const built = fileURLToPath(new URL('../../target/ui-fixture', import.meta.url));
const configuration = fileURLToPath(new URL('../../tauri.conf.json', import.meta.url));

/** Returns the content security policy of the app's configuration. */
export async function appPolicy(): Promise<string> {
  const { app } = JSON.parse(await readFile(configuration, 'utf8')) as { app: { security: { csp: string } } };
  return app.security.csp;
}

/** Executables in order of preference; the headless shell starts twice as fast. */
const BROWSERS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`);

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function launch(): Promise<BrowserServer> {
  const executablePath = process.env['CHROMIUM'] ?? BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error(`none of ${BROWSERS.join(', ')} is installed; npm test installs one`);
  return chromium.launchServer({ executablePath, args: ARGUMENTS });
}

/** The media types of the files by their extension. */
export const mediaTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

async function answer(path: string, csp: string, response: ServerResponse): Promise<void> {
  const file = normalize(path === '/' ? '/index.html' : path);
  try {
    const body = await readFile(join(built, file));
    response.writeHead(200, {
      'Content-Type': mediaTypes[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': csp,
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** Starts the server and the browser before the first test; returns a function that stops them. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  const csp = await appPolicy();
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://127.0.0.1').pathname, csp, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const browser = await launch();
  project.provide('url', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  project.provide('browser', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await new Promise((done) => void server.close(done));
  };
}
