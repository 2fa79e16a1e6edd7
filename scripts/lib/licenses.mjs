// The license notices of the third-party software in the packages: Rust crates by `cargo metadata`, npm packages by the
// lock file. Only what is part of the programs is listed; build and test dependencies are not.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Failure, ROOT, read } from './run.mjs';

/** The workspace's packages that are installed. */
const PROGRAMS = ['token-monitor-app', 'token-monitor-cli'];

const LICENSE_FILE = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;

const WIDTH = 100;

/** Writes the notices to a file. Targets are Rust target triples; without any, all platforms are included. */
export function writeLicenses(file, targets = []) {
  const packages = [...listCrates(targets), ...listNpmPackages()];
  const unlicensed = packages.filter(({ license }) => !license).map(({ name }) => name);
  if (unlicensed.length > 0) throw new Failure(`no license is declared by ${unlicensed.join(', ')}`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, format(packages));
  console.log(`${path.relative(ROOT, file)}: ${packages.length} packages`);
}

/** Returns the crates that are linked into the programs. `dependencies` are the ids of those that each one links itself. */
export function listCrates(targets = []) {
  const filters = targets.flatMap((target) => ['--filter-platform', target]);
  const metadata = JSON.parse(read('cargo', 'metadata', '--locked', '--format-version', '1', ...filters));
  const packages = new Map(metadata.packages.map((item) => [item.id, item]));
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const linked = new Set();
  const isLinked = ({ dep_kinds: kinds }) => kinds.some(({ kind }) => kind === null);
  const dependenciesOf = (id) => nodes.get(id).deps.filter(isLinked).map(({ pkg }) => pkg);
  const visit = (id) => {
    if (linked.has(id)) return;
    linked.add(id);
    dependenciesOf(id).forEach(visit);
  };
  metadata.packages.filter(({ name }) => PROGRAMS.includes(name)).forEach(({ id }) => visit(id));
  return [...linked]
    .map((id) => packages.get(id))
    .filter(({ source }) => source !== null)
    .map(({ id, name, version, license, license_file: file, authors, repository, manifest_path: manifest }) => ({
      id,
      dependencies: dependenciesOf(id),
      name,
      version,
      license: license ?? (file && `see ${file}`),
      authors,
      repository,
      folder: path.dirname(manifest),
    }))
    .sort(byName);
}

/** Returns the npm packages that the UI depends on at run time. */
export function listNpmPackages() {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([location, { dev }]) => location.startsWith('node_modules/') && !dev)
    .map(([location, entry]) => describeNpmPackage(location, entry))
    .sort(byName);
}

function describeNpmPackage(location, { version, license, integrity, dependencies = {} }) {
  const folder = path.join(ROOT, location);
  const { author, repository } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const authorName = typeof author === 'object' ? author.name : author;
  return {
    name: location.replace(/^.*node_modules\//, ''),
    version,
    integrity,
    dependencies: Object.keys(dependencies),
    license,
    authors: authorName ? [authorName] : [],
    repository: typeof repository === 'object' ? repository.url : repository,
    folder,
  };
}

function format(packages) {
  const rule = '-'.repeat(WIDTH);
  const texts = groupByText(packages).map(([text, users]) => `${rule}\n${users.map(nameAndVersion).join(', ')}\n${rule}\n\n${text}\n`);
  return [
    'Token Monitor contains the third-party software listed here, under the licenses given. The license texts follow the',
    'list, each with the packages that include it. Where a license offers a choice, any of its options may be used.',
    '',
    ...packages.map(formatEntry),
    '',
    ...texts,
  ].join('\n');
}

function formatEntry(item) {
  const details = [item.license, item.authors.join(', '), item.repository].filter(Boolean);
  return [nameAndVersion(item), ...details.map((detail) => `    ${detail}`)].join('\n');
}

/** Returns pairs of a license text and the packages that include it, without duplicate texts. */
function groupByText(packages) {
  const groups = new Map();
  for (const item of packages) {
    for (const text of new Set(readLicenseTexts(item.folder))) {
      groups.set(text, [...(groups.get(text) ?? []), item]);
    }
  }
  return [...groups];
}

function readLicenseTexts(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && LICENSE_FILE.test(entry.name)).map(({ name }) => name).sort();
  return files.map((name) => normalize(readFileSync(path.join(folder, name), 'utf8'))).filter((text) => text !== '');
}

/** Makes texts equal that differ in line endings and in white space at the ends of lines. */
function normalize(text) {
  return text.replaceAll(/[ \t]*\r?\n/g, '\n').trim();
}

function nameAndVersion({ name, version }) {
  return `${name} ${version}`;
}

function byName(left, right) {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
