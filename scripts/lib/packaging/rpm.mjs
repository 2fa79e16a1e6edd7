// The RPM package of a tree, built with `rpmbuild`, which determines the libraries from the programs. Nothing of the build
// host and no time but that of the sources is written to it.

import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure, run } from '../run.mjs';
import { listTree } from './linux-tree.mjs';
import { wrap } from './metadata.mjs';

/** Writes the package of a tree to a folder and returns its path. `work` is a folder for rpmbuild. */
export function buildRpm({ root, metadata, folder, work }) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const spec = path.join(work, `${metadata.package}.spec`);
  writeFileSync(spec, specFile(root, metadata));
  process.env.SOURCE_DATE_EPOCH = String(metadata.epoch);
  run('rpmbuild', '-bb', '--quiet', '--define', `_topdir ${work}`, spec);
  const [built] = readdirSync(path.join(work, 'RPMS'), { recursive: true }).filter((name) => name.endsWith('.rpm'));
  if (!built) throw new Failure('rpmbuild wrote no package');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, path.basename(built));
  copyFileSync(path.join(work, 'RPMS', built), file);
  return file;
}

function specFile(root, metadata) {
  return [
    // The programs are stripped and the manual pages compressed already.
    '%global __os_install_post %{nil}',
    '%global debug_package %{nil}',
    '%global _buildhost reproducible',
    '%global use_source_date_epoch_as_buildtime 1',
    '%global clamp_mtime_to_source_date_epoch 1',
    '%global _build_id_links none',
    '%global _binary_payload w9.xzdio',
    `Name: ${metadata.package}`,
    `Version: ${metadata.version}`,
    'Release: 1',
    `Summary: ${metadata.summary}`,
    `License: ${metadata.license}`,
    `URL: ${metadata.repository}`,
    `Vendor: ${metadata.maintainer.name}`,
    `Packager: ${metadata.maintainerLine}`,
    '',
    '%description',
    metadata.description.map((text) => wrap(text)).join('\n\n'),
    '',
    '%install',
    'mkdir -p %{buildroot}',
    `cp -a '${root}/.' %{buildroot}/`,
    '',
    '%files',
    '%defattr(-,root,root)',
    ...listTree(root).map(fileEntry),
    '',
    '%changelog',
    ...changelog(metadata),
    '',
  ].join('\n');
}

/** Returns the one entry of the changelog. Its date has the form of `date`, in English. */
function changelog({ version, epoch, maintainerLine }) {
  const [weekday, day, month, year] = new Date(epoch * 1000).toUTCString().replace(',', '').split(' ');
  return [`* ${weekday} ${month} ${day} ${year} ${maintainerLine} - ${version}-1`, `- Version ${version}`];
}

function fileEntry(file) {
  if (file.startsWith('usr/share/licenses/')) return `%license "/${file}"`;
  if (file.startsWith('usr/share/doc/') || file.startsWith('usr/share/man/')) return `%doc "/${file}"`;
  return `"/${file}"`;
}
