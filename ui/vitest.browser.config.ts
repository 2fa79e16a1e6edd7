// The browser tests: one shared browser, two test files at a time.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    environment: 'node',
    include: ['tests/*.test.ts'],
    globalSetup: ['tests/serve.ts'],
    maxWorkers: 2,
    // What a page shows may arrive after its frame.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
