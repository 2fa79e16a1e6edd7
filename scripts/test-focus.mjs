// `npm run test:focus`: checks the FOCUS export with PyPI's `focus-validator`, on made-up logs and with the built command.
//
// The validator is installed into target/focus-validator. Its only release knows the rules of FOCUS up to 1.0, while the
// export follows 1.3 and keeps the columns of 1.0. The release expects four columns of 1.0 under names that they had before,
// so it gets a copy of the file with these names. It finds its list of currencies only in its own folder. Where the
// validator cannot be had, for example without a network, the check is skipped, and this says so.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Failure, ROOT, main, run } from './lib/run.mjs';

const VALIDATOR_VERSION = '1.0.0';
const SPECIFICATION = '1.0';
/** The last release of a dependency that the validator can use. It names no upper bound itself. */
const MULTIMETHOD = 'multimethod<2';

/** The columns that the validator expects under other names than the specification gives them. */
const VALIDATOR_NAMES = {
  InvoiceIssuerName: 'InvoiceIssuer',
  ProviderName: 'Provider',
  PublisherName: 'Publisher',
  ResourceId: 'ResourceID',
};

const VENV = path.join(ROOT, 'target/focus-validator');
const VALIDATOR = path.join(VENV, 'bin/focus-validator');

await main(() => {
  if (!installValidator()) {
    console.log('⚠ NOT CHECKED: focus-validator cannot be installed from PyPI on this computer.');
    return;
  }
  run('cargo', 'build', '--locked', '--package', 'token-monitor-cli');
  const home = mkdtempSync(path.join(tmpdir(), 'token-monitor-focus-'));
  try {
    writeLogs(home);
    for (const by of ['day,model', 'month,project,session,branch,agent']) check(home, by);
  } finally {
    rmSync(home, { recursive: true });
  }
});

/** Returns whether the validator is installed, after trying to install it. */
function installValidator() {
  const quiet = { cwd: ROOT, stdio: 'ignore' };
  const works = () => existsSync(VALIDATOR) && spawnSync(VALIDATOR, ['--supported-versions'], quiet).status === 0;
  if (works()) return true;
  spawnSync('python3', ['-m', 'venv', VENV], quiet);
  const packages = [`focus-validator==${VALIDATOR_VERSION}`, MULTIMETHOD];
  spawnSync(path.join(VENV, 'bin/pip'), ['install', '--quiet', ...packages], quiet);
  return works();
}

/** Writes a session with two models and a title that is hostile to spreadsheets. */
function writeLogs(home) {
  const folder = path.join(home, '.claude/projects/p');
  mkdirSync(folder, { recursive: true });
  const answer = (id, model, timestamp) => ({
    type: 'assistant',
    sessionId: 's',
    timestamp,
    cwd: '/home/ada/shop',
    gitBranch: 'main',
    message: { id: `msg_${id}`, model, usage: { input_tokens: 7, output_tokens: 70, cache_read_input_tokens: 700 } },
  });
  const records = [
    answer(1, 'claude-opus-5', '2026-02-03T09:12:00Z'),
    answer(2, 'claude-haiku-4-5', '2026-02-04T23:50:00Z'),
    answer(3, 'a-model-without-a-price', '2026-03-01T00:10:00Z'),
    { type: 'custom-title', sessionId: 's', customTitle: '=HYPERLINK("http://evil","a, b")' },
  ];
  writeFileSync(path.join(folder, 's.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

function check(home, by) {
  const file = path.join(home, 'focus.csv');
  const command = path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target'), 'debug/token-monitor');
  const env = { HOME: home, PATH: process.env.PATH, TZ: 'Europe/Berlin', TOKEN_MONITOR_DB: path.join(home, 'store.db') };
  const exported = spawnSync(command, ['export', '--by', by, '--format', 'focus', '--output', file], { env, encoding: 'utf8' });
  if (exported.status !== 0) throw new Failure(`the export failed: ${exported.stderr}`);
  renameColumns(file);
  const report = validate(file);
  if (!report.includes('Validation succeeded')) {
    const failed = report.split('\n').filter((line) => /\bfailed\b/i.test(line));
    throw new Failure(`focus-validator rejects the export by ${by}:\n${failed.join('\n')}`);
  }
  console.log(`✔ focus-validator ${VALIDATOR_VERSION} accepts the export by ${by} (rules of FOCUS ${SPECIFICATION})`);
}

/** Gives the columns of a file the names that the validator expects. */
function renameColumns(file) {
  const [header, ...rows] = readFileSync(file, 'utf8').split('\r\n');
  const names = header.split(',').map((name) => VALIDATOR_NAMES[name] ?? name);
  writeFileSync(file, [names.join(','), ...rows].join('\r\n'));
}

/** Returns the validator's report. It exits with 1 if a rule fails, which the report names. */
function validate(file) {
  const library = path.join(VENV, 'lib');
  const cwd = path.join(library, readdirSync(library)[0], 'site-packages');
  const args = ['--data-file', file, '--validate-version', SPECIFICATION];
  const { stdout, stderr, error } = spawnSync(VALIDATOR, args, { cwd, encoding: 'utf8' });
  if (error || !stdout.includes('Validation')) throw new Failure(`focus-validator did not run: ${error ?? stderr}`);
  return stdout;
}
