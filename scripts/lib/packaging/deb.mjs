// The Debian package, built with Debian's own tools: `dpkg-shlibdeps` determines the libraries and their versions from the
// programs, `dpkg-deb` writes the archive.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

import { Failure, read, run } from '../run.mjs';
import { listTree } from './linux-tree.mjs';
import { wrap } from './metadata.mjs';

const BYTES_PER_UNIT = 1024;

/** Writes the package of a tree to a folder and returns its path. */
export function buildDeb({ root, metadata, folder }) {
  const architecture = read('dpkg', '--print-architecture').trim();
  const files = listTree(root);
  mkdirSync(path.join(root, 'DEBIAN'));
  writeDated(path.join(root, 'DEBIAN/control'), controlFile(root, files, metadata, architecture), metadata);
  writeDated(path.join(root, 'DEBIAN/md5sums'), files.map((file) => `${md5(path.join(root, file))}  ${file}\n`).join(''), metadata);
  utimesSync(path.join(root, 'DEBIAN'), metadata.epoch, metadata.epoch);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${metadata.package}_${metadata.version}-1_${architecture}.deb`);
  // dpkg-deb takes the date of the archive from this variable.
  process.env.SOURCE_DATE_EPOCH = String(metadata.epoch);
  run('dpkg-deb', '--root-owner-group', '-Zxz', '--build', root, file);
  return file;
}

function controlFile(root, files, metadata, architecture) {
  const bytes = files.reduce((sum, file) => sum + Math.ceil(statSync(path.join(root, file)).size / BYTES_PER_UNIT), 0);
  const fields = {
    Package: metadata.package,
    Version: `${metadata.version}-1`,
    Architecture: architecture,
    Maintainer: metadata.maintainerLine,
    'Installed-Size': bytes,
    Depends: libraryDependencies(root, files),
    Section: 'utils',
    Priority: 'optional',
    Homepage: metadata.repository,
    Description: `${metadata.summary}\n${metadata.description.map((text) => wrap(text, ' ')).join('\n .\n')}`,
  };
  return `${Object.entries(fields).map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

/** Returns the packages of the libraries that the programs are linked with, each with its lowest version. */
function libraryDependencies(root, files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'token-monitor-deb-'));
  try {
    // dpkg-shlibdeps reads the names of source and package from ./debian/control, and nothing else.
    mkdirSync(path.join(folder, 'debian'));
    writeFileSync(path.join(folder, 'debian/control'), 'Source: token-monitor\n\nPackage: token-monitor\nArchitecture: any\n');
    const programs = files.filter((file) => file.startsWith('usr/bin/')).map((file) => path.join(root, file));
    const output = read('sh', '-c', 'cd "$1" && shift && dpkg-shlibdeps -O "$@"', 'sh', folder, ...programs);
    const depends = /^shlibs:Depends=(.+)$/m.exec(output)?.[1];
    if (!depends) throw new Failure(`dpkg-shlibdeps named no libraries: ${output}`);
    return depends;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeDated(file, content, { epoch }) {
  writeFileSync(file, content, { mode: 0o644 });
  utimesSync(file, epoch, epoch);
}

function md5(file) {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}
