// `npm run check:packaging [-- --strict]`: checks what the packages are made from, without building them: the desktop entry, the
// AppStream data, the manual pages, the manifests, the bill of materials and the workflows, each with the linter of its
// ecosystem. `scripts/setup.sh package` installs Debian's linters; those of PyPI are installed into target/check-packaging. A
// linter that cannot be had is named; with --strict that is a failure.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { fillTemplate, loadMetadata, templateValues } from './lib/packaging/metadata.mjs';
import { Failure, ROOT, main, run, step } from './lib/run.mjs';

const { values: OPTIONS } = parseArgs({ options: { strict: { type: 'boolean' } } });

/** Linters from PyPI: of bills of materials, and of workflows. */
const PYPI_PACKAGES = ['cyclonedx-python-lib[json-validation]==11.12.0', 'zizmor==1.32.0'];

const VENV = path.join(ROOT, 'target/check-packaging');

/** Exits with 1 and a message if the file named by the argument does not match the schema. */
const VALIDATE_BOM = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(error and str(error)[:2000])
`;

const missingLinters = [];

const folder = mkdtempSync(path.join(os.tmpdir(), 'token-monitor-packaging-'));

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

await main(() => {
  const metadata = loadMetadata();
  step('Linters from PyPI', installFromPyPi);
  step('Desktop entry and AppStream data', () => checkDesktopFiles(metadata));
  step('Manual pages', checkManualPages);
  step('Manifests', () => checkManifests(metadata));
  step('Nix flake', () => lint('nix-instantiate', '--parse', path.join(ROOT, 'flake.nix')));
  step('Bill of materials', checkBillOfMaterials);
  step('Workflows', () => lint(path.join(VENV, 'bin/zizmor'), '--offline', '--min-severity', 'medium', path.join(ROOT, '.github/workflows')));
  if (missingLinters.length === 0) return console.log('\nall linters passed');
  const message = `not installed, so not run: ${missingLinters.join(', ')}`;
  if (OPTIONS.strict) throw new Failure(message);
  console.log(`\nall installed linters passed; ${message}`);
});

function installFromPyPi() {
  const stamp = path.join(VENV, 'installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === PYPI_PACKAGES.join('\n')) return;
  const quiet = { cwd: ROOT, stdio: 'ignore' };
  spawnSync('python3', ['-m', 'venv', VENV], quiet);
  const { status } = spawnSync(path.join(VENV, 'bin/pip'), ['install', '--quiet', ...PYPI_PACKAGES], quiet);
  if (status === 0) writeFileSync(stamp, PYPI_PACKAGES.join('\n'));
}

/** Runs a linter, which fails by its exit code, or notes that it is not installed. */
function lint(program, ...args) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (error?.code === 'ENOENT') return missingLinters.push(program);
  if (error) throw new Failure(`could not start ${program}: ${error.message}`);
  if (status !== 0) throw new Failure(`${program} ${args.join(' ')} failed\n${stdout}${stderr}`);
  console.log(`${program} passed`);
}

function checkDesktopFiles(metadata) {
  lint('desktop-file-validate', path.join(ROOT, `packaging/linux/${metadata.id}.desktop`));
  const file = path.join(folder, `${metadata.id}.metainfo.xml`);
  writeFileSync(file, fillTemplate('packaging/linux/metainfo.xml', templateValues(metadata)));
  lint('appstreamcli', 'validate', '--no-net', '--pedantic', file);
}

function checkManualPages() {
  const pages = path.join(ROOT, 'packaging/linux/man');
  for (const page of readdirSync(pages)) lint('mandoc', '-T', 'lint', '-W', 'warning', path.join(pages, page));
}

function checkManifests(metadata) {
  const assets = writeAssets(metadata);
  run('node', path.join('scripts', 'manifests.mjs'), '--assets', assets, '--output', folder);
  checkDigests(metadata, assets);
  checkArchPackage(path.join(folder, 'aur/PKGBUILD'));
  for (const file of ['homebrew/Casks/token-monitor-app.rb', 'homebrew/Formula/token-monitor.rb']) {
    lint('ruby', '-c', path.join(folder, file));
  }
  const yaml = ['winget', 'flatpak'].flatMap((kind) => readdirSync(path.join(folder, kind)).map((name) => path.join(folder, kind, name)));
  lint('yamllint', '--strict', '--config-data', '{extends: relaxed, rules: {line-length: disable}}', ...yaml);
  JSON.parse(readFileSync(path.join(folder, 'scoop/token-monitor.json'), 'utf8'));
}

/** makepkg does not run as root, so it runs as another user there. */
function checkArchPackage(file) {
  lint('shellcheck', '--shell', 'bash', '--exclude', 'SC2034,SC2154,SC2164', file);
  const work = path.dirname(file);
  const asOther = process.getuid() === 0 ? ['setpriv', '--reuid', '65534', '--clear-groups'] : ['env'];
  run('chmod', '-R', 'a+rwX', folder);
  if (spawnSync('makepkg', ['--version']).error) return missingLinters.push('makepkg');
  const { status, stdout, stderr } = spawnSync(asOther[0], [...asOther.slice(1), 'makepkg', '--printsrcinfo'], { cwd: work, encoding: 'utf8' });
  const { version } = loadMetadata();
  if (status !== 0 || !stdout.includes(`pkgver = ${version}\n`)) throw new Failure(`makepkg --printsrcinfo failed\n${stdout}${stderr}`);
  console.log('makepkg passed');
}

/** Writes files with the names of a release's and different contents. */
function writeAssets({ package: name, version }) {
  const assets = path.join(folder, 'assets');
  mkdirSync(assets);
  const names = [`${name}-${version}.tar.gz`, `${name}_${version}-1_amd64.deb`, `${name}_${version}_universal.dmg`, `${name}_${version}_x64-setup.exe`];
  for (const file of names) writeFileSync(path.join(assets, file), `content of ${file}\n`);
  return assets;
}

/** Checks that each manifest has the version, and the digest of the file that it refers to. */
function checkDigests({ package: name, version }, assets) {
  const digestOf = (file) => createHash('sha256').update(readFileSync(path.join(assets, file))).digest('hex');
  const expected = {
    'aur/PKGBUILD': `${name}-${version}.tar.gz`,
    'flatpak/io.github.token_monitor.app.yml': `${name}_${version}-1_amd64.deb`,
    'homebrew/Casks/token-monitor-app.rb': `${name}_${version}_universal.dmg`,
    'homebrew/Formula/token-monitor.rb': `${name}-${version}.tar.gz`,
    'scoop/token-monitor.json': `${name}_${version}_x64-setup.exe`,
    'winget/TokenMonitor.TokenMonitor.installer.yaml': `${name}_${version}_x64-setup.exe`,
  };
  for (const [manifest, asset] of Object.entries(expected)) {
    const text = readFileSync(path.join(folder, manifest), 'utf8');
    for (const part of [version, digestOf(asset)]) {
      if (!text.toLowerCase().includes(part)) throw new Failure(`${manifest} lacks ${part}`);
    }
  }
}

function checkBillOfMaterials() {
  const [first, second] = ['one', 'two'].map((name) => path.join(folder, `${name}.cdx.json`));
  for (const file of [first, second]) run('node', path.join('scripts', 'sbom.mjs'), file);
  if (!readFileSync(first).equals(readFileSync(second))) throw new Failure('the bill of materials differs between two runs');
  lint(path.join(VENV, 'bin/python'), '-c', VALIDATE_BOM, first);
}
