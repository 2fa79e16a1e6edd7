// `npm run sbom [-- FILE]`: writes the software bill of materials of the programs in the format CycloneDX 1.6. Without a file,
// to target/token-monitor.cdx.json. The list is that of the third-party licenses: what is part of the programs on any system,
// without build and test dependencies. The same sources result in the same file.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { listCrates, listNpmPackages } from './lib/licenses.mjs';
import { loadMetadata } from './lib/packaging/metadata.mjs';
import { ROOT, main } from './lib/run.mjs';

await main(() => {
  const [file = path.join(ROOT, 'target/token-monitor.cdx.json')] = process.argv.slice(2);
  const bom = createBom(loadMetadata());
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
  console.log(`${file}: ${bom.components.length} components`);
});

function createBom(metadata) {
  const crates = listCrates();
  const packages = listNpmPackages();
  const checksums = readChecksums();
  const components = [
    ...crates.map((crate) => describe(crate, cratePurl(crate), sha256(checksums.get(crateKey(crate))))),
    ...packages.map((item) => describe(item, npmPurl(item), sha512(item.integrity))),
  ];
  const content = {
    metadata: { timestamp: new Date(metadata.epoch * 1000).toISOString(), component: describeProgram(metadata) },
    components,
    dependencies: [
      { ref: programRef(metadata), dependsOn: components.map((component) => component['bom-ref']) },
      ...crates.map((crate) => ({ ref: cratePurl(crate), dependsOn: linkedCrates(crate, crates) })),
      ...packages.map((item) => ({ ref: npmPurl(item), dependsOn: linkedPackages(item, packages) })),
    ],
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`;
  return { $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, version: 1, ...content };
}

function describeProgram(metadata) {
  return {
    type: 'application',
    'bom-ref': programRef(metadata),
    name: metadata.package,
    version: metadata.version,
    description: metadata.summary,
    licenses: [{ expression: metadata.license }],
    externalReferences: [{ type: 'vcs', url: metadata.repository }],
  };
}

function describe({ name, version, license, repository }, purl, hashes) {
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    // Some crates separate alternatives by a slash, which SPDX does not know.
    licenses: [{ expression: license.replaceAll('/', ' OR ') }],
    purl,
    ...(hashes && { hashes }),
    ...(repository && { externalReferences: [{ type: 'vcs', url: repository }] }),
  };
}

/** Returns the digests of the lock file, by name and version. */
function readChecksums() {
  const entries = readFileSync(path.join(ROOT, 'Cargo.lock'), 'utf8').split('[[package]]').slice(1);
  const field = (entry, name) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(entry)?.[1];
  return new Map(entries.map((entry) => [`${field(entry, 'name')} ${field(entry, 'version')}`, field(entry, 'checksum')]));
}

function linkedCrates({ dependencies }, crates) {
  return crates.filter(({ id }) => dependencies.includes(id)).map(cratePurl);
}

function linkedPackages({ dependencies }, packages) {
  return packages.filter(({ name }) => dependencies.includes(name)).map(npmPurl);
}

function programRef({ package: name, version }) {
  return `${name}@${version}`;
}

function crateKey({ name, version }) {
  return `${name} ${version}`;
}

function cratePurl({ name, version }) {
  return `pkg:cargo/${name}@${encodeURIComponent(version)}`;
}

function npmPurl({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function sha256(content) {
  return content && [{ alg: 'SHA-256', content }];
}

/** Returns the digest of npm's lock file, which is base64, as hexadecimal digits. */
function sha512(integrity) {
  const [, digest] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
  return digest && [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }];
}

/** Returns a UUID of version 8 that depends on a text alone. */
function uuidOf(text) {
  const digits = createHash('sha256').update(text).digest('hex');
  const variant = ((parseInt(digits[16], 16) & 3) | 8).toString(16);
  return [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`, `${variant}${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-');
}
