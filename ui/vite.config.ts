// How the UI is built and its unit tests are run. The host behind `#host` is chosen here, once:
// the app's build never contains the made-up data, the fixture's build never contains Tauri.
import { fileURLToPath } from 'node:url';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [solid()],
  resolve: {
    alias: { '#host': here(mode === 'fixture' ? 'src/host/fixture.ts' : 'src/host/tauri.ts') },
  },
  server: { host: '127.0.0.1', port: 1420, strictPort: true },
  build: {
    target: 'es2022',
    outDir: here(mode === 'fixture' ? '../target/ui-fixture' : 'dist'),
    emptyOutDir: true,
    // The polyfill would be one more script for an engine none of our systems has.
    modulePreload: false,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
  },
}));
