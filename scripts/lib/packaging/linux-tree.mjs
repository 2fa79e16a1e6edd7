// The files of the Linux packages in a folder, as they will be installed below `/`. The Debian package and the RPM package
// differ only in the folders of zsh's completions and of the license. All files get the date of the sources, and manual
// pages are compressed without a time, so that the same programs result in the same package.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { ROOT } from '../run.mjs';
import { fillTemplate, templateValues } from './metadata.mjs';

const ICONS = { '32x32': '32x32.png', '128x128': '128x128.png', '256x256': '128x128@2x.png' };

const PROGRAMS = ['token-monitor', 'token-monitor-app', 'token-monitor-tray'];

const MODES = { program: 0o755, file: 0o644, folder: 0o755 };

/** The folders that differ between the kinds of package. That of the licenses has a folder for each package. */
const FOLDERS = {
  deb: { zsh: 'usr/share/zsh/vendor-completions', license: 'usr/share/doc' },
  rpm: { zsh: 'usr/share/zsh/site-functions', license: 'usr/share/licenses' },
};

/** The font that the pages contain. */
const PAGE_FONT = 'ui/src/assets/fonts/OFL.txt';

/** The font of monthly reports. */
const REPORT_FONT = 'src-tauri/crates/pdf/assets/fonts/OFL.txt';

/**
 * Creates the tree in `root`, which is emptied. `programs` is the folder of the three programs, and `bundled` that of the
 * completions, the manual pages and the third-party licenses.
 */
export function createTree({ root, kind, metadata, programs, bundled }) {
  rmSync(root, { recursive: true, force: true });
  const tree = new Tree(root);
  const values = templateValues(metadata);
  for (const program of PROGRAMS) tree.copy(path.join(programs, program), `usr/bin/${program}`, MODES.program);
  addShellFiles(tree, bundled, FOLDERS[kind].zsh);
  addDesktopFiles(tree, metadata, values);
  addDocuments(tree, kind, metadata, bundled, REPORT_FONT);
  setDates(root, metadata.epoch);
}

/**
 * Creates the tree of the package of a team's hub in `root`, which is emptied. `programs` is the folder of the program, and `bundled`
 * that of the third-party licenses.
 */
export function createHubTree({ root, kind, metadata, programs, bundled }) {
  rmSync(root, { recursive: true, force: true });
  const tree = new Tree(root);
  const folder = path.join(ROOT, 'packaging/hub');
  tree.copy(path.join(programs, 'token-monitor-hub'), 'usr/bin/token-monitor-hub', MODES.program);
  tree.copy(path.join(folder, 'token-monitor-hub.service'), 'usr/lib/systemd/system/token-monitor-hub.service');
  tree.writeCompressed('usr/share/man/man1/token-monitor-hub.1.gz', readFileSync(path.join(folder, 'token-monitor-hub.1')));
  addDocuments(tree, kind, metadata, bundled, PAGE_FONT);
  setDates(root, metadata.epoch);
}

/** Returns the paths of all files below a folder, relative to it and sorted. */
export function listTree(root) {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name))).sort();
}

class Tree {
  #root;

  constructor(root) {
    this.#root = root;
  }

  copy(source, target, mode = MODES.file) {
    copyFileSync(source, this.#prepare(target));
    chmodSync(path.join(this.#root, target), mode);
  }

  write(target, content) {
    writeFileSync(this.#prepare(target), content, { mode: MODES.file });
    chmodSync(path.join(this.#root, target), MODES.file);
  }

  writeCompressed(target, content) {
    this.write(target, gzipSync(content, { level: 9 }));
  }

  #prepare(target) {
    const file = path.join(this.#root, target);
    mkdirSync(path.dirname(file), { recursive: true, mode: MODES.folder });
    return file;
  }
}

function addShellFiles(tree, bundled, zshFolder) {
  const completions = path.join(bundled, 'completions');
  tree.copy(path.join(completions, 'token-monitor.bash'), 'usr/share/bash-completion/completions/token-monitor');
  tree.copy(path.join(completions, 'token-monitor.elv'), 'usr/share/elvish/lib/token-monitor.elv');
  tree.copy(path.join(completions, 'token-monitor.fish'), 'usr/share/fish/vendor_completions.d/token-monitor.fish');
  tree.copy(path.join(completions, '_token-monitor'), `${zshFolder}/_token-monitor`);
  for (const folder of [path.join(bundled, 'man1'), path.join(ROOT, 'packaging/linux/man')]) {
    for (const page of readdirSync(folder)) {
      tree.writeCompressed(`usr/share/man/man1/${page}.gz`, readFileSync(path.join(folder, page)));
    }
  }
}

function addDesktopFiles(tree, { id }, values) {
  tree.copy(path.join(ROOT, `packaging/linux/${id}.desktop`), `usr/share/applications/${id}.desktop`);
  tree.write(`usr/share/metainfo/${id}.metainfo.xml`, fillTemplate('packaging/linux/metainfo.xml', values));
  for (const [size, file] of Object.entries(ICONS)) {
    tree.copy(path.join(ROOT, 'icons', file), `usr/share/icons/hicolor/${size}/apps/token-monitor-app.png`);
  }
  tree.copy(path.join(ROOT, 'icons/icon.svg'), 'usr/share/icons/hicolor/scalable/apps/token-monitor-app.svg');
}

/** Adds the licenses and the changelog. `font` is the license of the font in the programs. */
function addDocuments(tree, kind, metadata, bundled, font) {
  const folder = `${FOLDERS[kind].license}/${metadata.package}`;
  tree.copy(path.join(bundled, 'THIRD-PARTY-LICENSES'), `${folder}/THIRD-PARTY-LICENSES`);
  tree.copy(path.join(ROOT, font), `${folder}/OFL.txt`);
  if (kind === 'deb') tree.write(`${folder}/copyright`, fillTemplate('packaging/linux/copyright', templateValues(metadata)));
  else tree.copy(path.join(ROOT, 'LICENSE'), `${folder}/LICENSE`);
  const documents = `usr/share/doc/${metadata.package}`;
  tree.writeCompressed(`${documents}/changelog.gz`, readFileSync(path.join(ROOT, 'CHANGELOG.md')));
  if (kind === 'deb') tree.writeCompressed(`${documents}/changelog.Debian.gz`, debianChangelog(metadata));
}

/** Returns Debian's changelog of the packaging, which has one entry. The changes themselves are in changelog.gz. */
function debianChangelog({ package: name, version, epoch, maintainerLine }) {
  const date = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  const change = `  * Version ${version}. Its changes are listed in changelog.gz.`;
  return `${name} (${version}-1) stable; urgency=medium\n\n${change}\n\n -- ${maintainerLine}  ${date}\n`;
}

function setDates(root, epoch) {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (statSync(file).isDirectory()) chmodSync(file, MODES.folder);
    utimesSync(file, epoch, epoch);
  }
}
