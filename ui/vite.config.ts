// The builds of the UI and its unit tests. `#host` is resolved here: the app's build never contains fixtures or requests to
// a server, the web build and the fixture build never contain Tauri.
import { fileURLToPath } from 'node:url';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';
import { webApp } from './web-app.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const APP = { host: 'src/host/tauri.ts', output: 'dist' };

/** The host and the output folder by mode; the app's in every other mode. */
const BUILDS: Record<string, typeof APP> = {
  fixture: { host: 'src/host/fixtures/fixture-host.ts', output: '../target/ui-fixture' },
  web: { host: 'src/host/web.ts', output: 'dist-web' },
  team: { host: 'src/host/web.ts', output: 'dist-team' },
};

/** The page of a team's hub, which is built from a page of its own. */
const TEAM_PAGE = 'team.html';

export default defineConfig(({ mode }) => {
  const { host, output } = BUILDS[mode] ?? APP;
  return {
    base: './',
    plugins: [solid(), mode === 'web' && webApp()],
    resolve: { alias: { '#host': here(host) } },
    server: { host: '127.0.0.1', port: 1420, strictPort: true },
    build: {
      target: 'es2022',
      outDir: here(output),
      emptyOutDir: true,
      rolldownOptions: mode === 'team' ? { input: here(TEAM_PAGE) } : {},
      // No supported browser engine needs the polyfill.
      modulePreload: false,
    },
    test: {
      environment: 'happy-dom',
      include: ['src/**/*.test.{ts,tsx}'],
    },
  };
});
