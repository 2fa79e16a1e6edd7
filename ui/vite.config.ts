// The build of the UI and its unit tests. `#host` is resolved here: the app's build never contains fixtures, the
// fixture build never contains Tauri.
import { fileURLToPath } from 'node:url';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [solid()],
  resolve: {
    alias: { '#host': here(mode === 'fixture' ? 'src/host/fixtures/fixture-host.ts' : 'src/host/tauri.ts') },
  },
  server: { host: '127.0.0.1', port: 1420, strictPort: true },
  build: {
    target: 'es2022',
    outDir: here(mode === 'fixture' ? '../target/ui-fixture' : 'dist'),
    emptyOutDir: true,
    // No supported browser engine needs the polyfill.
    modulePreload: false,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
  },
}));
