// Collects the files of a release: node scripts/collect-release.mjs OUTPUT FOLDER…
//
// Copies the packages found below the folders to OUTPUT, under names without spaces, and writes the archive of the sources,
// the bill of materials, the manifests as one archive, and SHA256SUMS. The same inputs result in the same files.

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { loadMetadata } from './lib/packaging/metadata.mjs';
import { Failure, main, run } from './lib/run.mjs';

const PACKAGE = /\.(deb|rpm|AppImage|dmg|exe)$/;

const SUMS = 'SHA256SUMS';

await main(() => {
  const [output, ...folders] = process.argv.slice(2);
  if (folders.length === 0) throw new Failure('usage: node scripts/collect-release.mjs OUTPUT FOLDER…');
  const { package: name, version, epoch } = loadMetadata();
  mkdirSync(output, { recursive: true });
  folders.flatMap(listPackages).forEach((file) => copyFileSync(file, path.join(output, releaseName(file, name))));
  writeSourceArchive(path.join(output, `${name}-${version}.tar.gz`), `${name}-${version}/`);
  run('node', path.join('scripts', 'sbom.mjs'), path.resolve(output, `${name}.cdx.json`));
  writeManifests(path.resolve(output), `${name}-${version}-manifests.tar.gz`, epoch);
  writeFileSync(path.join(output, SUMS), checksums(output));
});

function listPackages(folder) {
  return readdirSync(folder, { recursive: true }).filter((file) => PACKAGE.test(file)).map((file) => path.join(folder, file));
}

/** Tauri names packages after the product, with a space. */
function releaseName(file, name) {
  return path.basename(file).replaceAll(/Token[ .-]Monitor/g, name);
}

function writeSourceArchive(file, prefix) {
  // gzip writes no name and no time of a stream.
  run('sh', '-c', 'git archive --format=tar --prefix="$1" HEAD | gzip -9n > "$2"', 'sh', prefix, path.resolve(file));
}

function writeManifests(output, archive, epoch) {
  const folder = path.join(output, '../manifests');
  run('node', path.join('scripts', 'manifests.mjs'), '--assets', output, '--output', folder);
  const order = ['--sort=name', `--mtime=@${epoch}`, '--owner=0', '--group=0', '--numeric-owner'];
  run('sh', '-c', 'out="$1" && shift && tar -c "$@" . | gzip -9n > "$out"', 'sh', path.join(output, archive), ...order, '-C', folder);
}

function checksums(folder) {
  const files = readdirSync(folder).filter((file) => file !== SUMS).sort();
  const digest = (file) => createHash('sha256').update(readFileSync(path.join(folder, file))).digest('hex');
  return files.map((file) => `${digest(file)}  ${file}\n`).join('');
}
