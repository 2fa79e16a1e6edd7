// Checks that the built pages name no address of another computer, so that they can load nothing from it.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { Failure, ROOT, main } from './lib/run.mjs';

/** The pages of the app and of the web server. */
const BUILT_PAGES = ['ui/dist', 'ui/dist-web'];

/** The kinds of files in which an address would have an effect. */
const TEXT_FILE = /\.(css|html|js|json|map|svg|webmanifest)$/;

/** An address with a host, with or without its scheme, in quotation marks, in parentheses or after a space. */
const ADDRESS = /(?<=["'`(\s=])(?:[a-z]+:)?\/\/[\w-]+(?:\.[\w-]+)+[^"'`)\s]*/gi;

/** Names of XML, which no program requests. */
const NAMESPACES = new Set([
  'http://www.w3.org/1998/Math/MathML',
  'http://www.w3.org/1999/xlink',
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/XML/1998/namespace',
]);

await main(() => {
  const sample = '<script src="https://cdn.example/a.js"></script> url(//cdn.example/b.png)';
  if (foreignAddresses(sample).length !== 2) throw new Failure('the search finds no addresses');
  const files = BUILT_PAGES.flatMap(listFiles);
  const problems = files.flatMap((file) => foreignAddresses(readFileSync(file, 'utf8')).map((address) => `${file}: ${address}`));
  if (problems.length > 0) throw new Failure(`the built pages name other computers:\n${problems.join('\n')}`);
  console.log(`${files.length} files of the built pages name no other computer`);
});

function foreignAddresses(text) {
  return [...text.matchAll(ADDRESS)].map(([address]) => address).filter((address) => !NAMESPACES.has(address));
}

function listFiles(folder) {
  const root = path.join(ROOT, folder);
  if (!existsSync(root)) throw new Failure(`${folder} does not exist: npm run ui:build`);
  const files = readdirSync(root, { recursive: true }).filter((file) => TEXT_FILE.test(file)).map((file) => path.join(root, file));
  if (files.length === 0) throw new Failure(`${folder} is empty`);
  return files;
}
