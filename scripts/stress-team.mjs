// Pushes to hubs while requests get lost, are repeated and reordered, and while devices and hubs are killed, and compares the
// totals with those of all logs: `npm run soak:team [-- ROUNDS [SEED]]`, 45 rounds by default. Needs PostgreSQL.

import { Failure, main, run } from './lib/run.mjs';

const DEVICES = '10';

await main(() => {
  const [rounds = '45', seed = '1', ...rest] = process.argv.slice(2);
  const isNumber = (text) => /^\d+$/.test(text);
  if (!isNumber(rounds) || !isNumber(seed) || rest.length > 0) {
    throw new Failure('usage: npm run soak:team [-- ROUNDS [SEED]]');
  }
  process.env.TOKEN_MONITOR_CHAOS_DEVICES = DEVICES;
  process.env.TOKEN_MONITOR_CHAOS_ROUNDS = rounds;
  process.env.TOKEN_MONITOR_CHAOS_SEED = seed;
  run('cargo', 'test', '--locked', '-p', 'token-monitor-cli', '--test', 'it', '--', 'team::chaos', '--nocapture');
});
