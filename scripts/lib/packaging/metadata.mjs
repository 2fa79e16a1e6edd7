// What all packages and manifests have in common: names, texts, version and date. The version is that of package.json, the
// rest is in packaging/metadata.json.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Failure, ROOT, read } from '../run.mjs';

/** Columns of a wrapped text. Debian's tools expect less than 80. */
const MAX_COLUMNS = 76;

/** Returns the metadata of the packages, with the version and the date of the sources. */
export function loadMetadata() {
  const metadata = JSON.parse(readFileSync(path.join(ROOT, 'packaging/metadata.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const { maintainer } = metadata;
  return { ...metadata, version, epoch: sourceDate(), maintainerLine: `${maintainer.name} <${maintainer.email}>` };
}

/** Returns the metadata of the package of a team's hub. */
export function hubMetadata(metadata) {
  return { ...metadata, ...metadata.hub };
}

/** Returns the date of the sources in seconds since 1970: SOURCE_DATE_EPOCH, else the date of the last commit. */
export function sourceDate() {
  const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? read('git', 'log', '-1', '--format=%ct'));
  if (!Number.isSafeInteger(epoch)) throw new Failure('SOURCE_DATE_EPOCH is not a number of seconds');
  return epoch;
}

/** Returns the values that templates may refer to. */
export function templateValues(metadata) {
  const { name, summary, license, repository, maintainer, description, version, epoch } = metadata;
  return {
    id: metadata.id,
    package: metadata.package,
    name,
    summary,
    license,
    repository,
    owner: new URL(repository).pathname.split('/')[1],
    version,
    date: new Date(epoch * 1000).toISOString().slice(0, 10),
    maintainer: metadata.maintainerLine,
    maintainerName: maintainer.name,
    description: description.join(' '),
    descriptionParagraphs: description.map((text) => `    <p>${escapeXml(text)}</p>`).join('\n'),
    licenseParagraphs: licenseParagraphs(),
  };
}

/** Replaces each `{{name}}` of a template by its value. Throws a `Failure` for an unknown name. */
export function fillTemplate(file, values) {
  return readFileSync(path.join(ROOT, file), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values)) throw new Failure(`${file} refers to an unknown value, ${name}`);
    return values[name];
  });
}

/** Breaks a text into lines that start with `indent`. */
export function wrap(text, indent = '') {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== '' && indent.length + last.length + word.length >= MAX_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}

/** Returns the license text without its title and copyright line, as paragraphs of a Debian control file. */
function licenseParagraphs() {
  const paragraphs = readFileSync(path.join(ROOT, 'LICENSE'), 'utf8').trim().split('\n\n').slice(2);
  return paragraphs.map((paragraph) => wrap(paragraph, ' ')).join('\n .\n');
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
