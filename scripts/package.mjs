// `npm run package [-- KIND …]`: builds packages for this system. Kinds are deb, rpm, appimage, tree, which is the folder
// target/tree with the files of the Linux packages, for packagers of other distributions, and hub-deb and hub-rpm, the packages of
// a team's hub.
//
//   --programs FOLDER   package the programs in this folder instead of building them
//   --no-install        do not install the Debian package
//
// Checks the Debian package's content, installs and upgrades it as root or with sudo, opens its icon and popover on a private
// desktop, and removes it again.

import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { writeLicenses } from './lib/licenses.mjs';
import { buildDeb } from './lib/packaging/deb.mjs';
import { checkDeb, checkHubDeb, checkInstalled } from './lib/packaging/deb-checks.mjs';
import { createHubTree, createTree } from './lib/packaging/linux-tree.mjs';
import { hubMetadata, loadMetadata } from './lib/packaging/metadata.mjs';
import { setReproducibleEnvironment } from './lib/packaging/reproducible.mjs';
import { buildRpm } from './lib/packaging/rpm.mjs';
import { writeShellFiles } from './lib/packaging/shell-files.mjs';
import { Failure, ROOT, main, npm, run, step } from './lib/run.mjs';

const KINDS = ['deb', 'rpm', 'appimage', 'tree', 'hub-deb', 'hub-rpm'];

const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target');

/** The folder of the programs, completions, manual pages and licenses. */
const BUNDLED = path.join(ROOT, 'target/bundled');

const BUNDLES = path.join(TARGET, 'release/bundle');

/** Lower than every version, for the test of an upgrade. */
const EARLIER_VERSION = '0.0.1';

await main(async () => {
  const { values, positionals } = parseArguments();
  const kinds = positionals.length > 0 ? positionals : ['deb', 'rpm', 'hub-deb', 'hub-rpm'];
  const metadata = loadMetadata();
  const hubKinds = kinds.filter((kind) => kind.startsWith('hub-'));
  if (hubKinds.length > 0) packageHub(hubKinds, hubMetadata(metadata), values.programs);
  if (hubKinds.length === kinds.length) return;
  step('Building the programs', () => (values.programs ? useProgramsOf(values.programs) : buildPrograms()));
  if (kinds.includes('tree')) step('Writing the files', () => createTreeOf('rpm', metadata, path.join(TARGET, 'tree')));
  if (kinds.includes('rpm')) step('Building the RPM package', () => console.log(buildRpmPackage(metadata)));
  if (kinds.includes('appimage')) step('Building the AppImage', () => npm('tauri', 'build', '--ci', '--bundles', 'appimage'));
  if (kinds.includes('deb')) await packageForDebian(metadata, values['no-install']);
});

function parseArguments() {
  const options = { programs: { type: 'string' }, 'no-install': { type: 'boolean' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.find((kind) => !KINDS.includes(kind));
  if (unknown) throw new Failure(`unknown kind “${unknown}”; kinds: ${KINDS.join(', ')}`);
  return { values, positionals };
}

function buildPrograms() {
  setReproducibleEnvironment(ROOT);
  npm('tauri', 'build', '--ci', '--no-bundle');
  run('node', path.join('scripts', 'bundle-cli.mjs'));
  copyFileSync(path.join(TARGET, 'release/token-monitor-app'), path.join(BUNDLED, 'token-monitor-app'));
}

function useProgramsOf(folder) {
  mkdirSync(BUNDLED, { recursive: true });
  for (const program of ['token-monitor', 'token-monitor-app', 'token-monitor-tray']) {
    copyFileSync(path.join(folder, program), path.join(BUNDLED, program));
  }
  writeLicenses(path.join(BUNDLED, 'THIRD-PARTY-LICENSES'));
  writeShellFiles(path.join(BUNDLED, 'token-monitor'), BUNDLED);
}

/** Builds the packages of a team's hub. */
function packageHub(kinds, metadata, folder) {
  step('Building the hub', () => {
    mkdirSync(BUNDLED, { recursive: true });
    if (!folder) buildHub();
    copyFileSync(path.join(folder ?? path.join(TARGET, 'release'), metadata.package), path.join(BUNDLED, metadata.package));
    writeLicenses(path.join(BUNDLED, 'THIRD-PARTY-LICENSES'));
  });
  const createTreeIn = (kind, root) => createHubTree({ root, kind, metadata, programs: BUNDLED, bundled: BUNDLED });
  if (kinds.includes('hub-rpm')) {
    step('Building the RPM package of the hub', () => {
      const root = path.join(TARGET, 'hub-rpm-tree');
      createTreeIn('rpm', root);
      console.log(buildRpm({ root, metadata, folder: path.join(BUNDLES, 'rpm'), work: path.join(TARGET, 'hub-rpmbuild') }));
    });
  }
  if (kinds.includes('hub-deb')) {
    step('Building the Debian package of the hub', () => {
      const root = path.join(TARGET, 'hub-deb-tree');
      createTreeIn('deb', root);
      const file = buildDeb({ root, metadata, folder: path.join(BUNDLES, 'deb') });
      console.log(file);
      checkHubDeb(file);
    });
  }
}

function buildHub() {
  setReproducibleEnvironment(ROOT);
  run('npx', 'vite', 'build', 'ui', '--mode', 'team');
  run('cargo', 'build', '--release', '--locked', '--package', 'token-monitor-hub');
}

async function packageForDebian(metadata, isOnlyBuilt) {
  let file;
  step('Building the Debian package', () => {
    file = buildDebPackage(metadata);
    console.log(file);
  });
  step('Checking the package', () => checkDeb(file));
  if (isOnlyBuilt) return;
  const folder = path.join(TARGET, 'earlier-deb');
  const earlier = buildDebPackage({ ...metadata, version: EARLIER_VERSION }, folder);
  await checkInstalled(file, earlier);
  rmSync(folder, { recursive: true });
}

function buildDebPackage(metadata, folder = path.join(BUNDLES, 'deb')) {
  const root = path.join(TARGET, 'deb-tree');
  createTreeOf('deb', metadata, root);
  return buildDeb({ root, metadata, folder });
}

function buildRpmPackage(metadata) {
  const root = path.join(TARGET, 'rpm-tree');
  createTreeOf('rpm', metadata, root);
  return buildRpm({ root, metadata, folder: path.join(BUNDLES, 'rpm'), work: path.join(TARGET, 'rpmbuild') });
}

function createTreeOf(kind, metadata, root) {
  createTree({ root, kind, metadata, programs: BUNDLED, bundled: BUNDLED });
}
