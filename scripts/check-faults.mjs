// Checks that each test named in docs/faults.md exists, so that a renamed test cannot stay in its tables.
//
// The last cell of a row begins with “Cannot arise:” or “Not covered:”, or names tests. A file stands before its tests: those
// of Rust in code, those of JavaScript in quotation marks.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Failure, ROOT, main } from './lib/run.mjs';

const CATALOG = 'docs/faults.md';

/** The folders below which a file is named. */
const FOLDERS = ['.', 'src-tauri', 'src-tauri/crates'];

/** The beginnings of a cell that names no test. */
const EXCEPTIONS = ['Cannot arise: ', 'Not covered: '];

const FILE = /^[\w./-]+\.(rs|ts|mjs|py)$/;

await main(() => {
  const rows = readRows();
  const problems = [...rows.flatMap(checkRow), ...repeatedFaults(rows)];
  if (problems.length > 0) throw new Failure(`${CATALOG}:\n${problems.join('\n')}`);
  const names = rows.flatMap(({ cell }) => references(cell)).filter(({ name }) => name !== undefined);
  if (rows.length < 100 || names.length < 100) throw new Failure(`${CATALOG} has only ${rows.length} rows and ${names.length} tests`);
  console.log(`${rows.length} faults, ${names.length} names of tests that exist`);
});

/** Returns the rows of all tables, with their fault and their last cell. */
function readRows() {
  const lines = readFileSync(path.join(ROOT, CATALOG), 'utf8').split('\n');
  const rows = lines.filter((line) => line.startsWith('| ') && !line.startsWith('| fault |'));
  return rows.map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length !== 5) throw new Failure(`${CATALOG}: a row has three cells: ${line}`);
    return { fault: cells[1], cell: cells[3] };
  });
}

function repeatedFaults(rows) {
  const faults = rows.map(({ fault }) => fault);
  return faults.filter((fault, index) => faults.indexOf(fault) !== index).map((fault) => `“${fault}” is there twice`);
}

function checkRow({ fault, cell }) {
  if (EXCEPTIONS.some((exception) => cell.startsWith(exception))) return [];
  const found = references(cell);
  if (found.length === 0) return [`“${fault}” names no test and no reason`];
  return found.map(problemOf).filter((problem) => problem !== undefined);
}

/** Returns the files of a cell, each with the names after it. A file without a name after it is a reference as well. */
function references(cell) {
  const found = [];
  for (const [, code, quoted] of cell.matchAll(/`([^`]+)`|“([^”]+)”/g)) {
    if (code !== undefined && FILE.test(code) && code.includes('/')) found.push({ file: code });
    else if (found.length > 0) found.push({ file: found.at(-1).file, name: code ?? quoted });
  }
  return found.filter(({ name }, index) => name !== undefined || found[index + 1]?.name === undefined);
}

function problemOf({ file, name }) {
  const place = FOLDERS.map((folder) => path.join(ROOT, folder, file)).find((candidate) => existsSync(candidate));
  if (place === undefined) return `${file} does not exist`;
  if (name === undefined) return undefined;
  const text = readFileSync(place, 'utf8');
  const exists = file.endsWith('.rs') ? new RegExp(`\\bfn ${name}\\(`).test(text) : text.includes(name);
  return exists ? undefined : `${file} has no test “${name}”`;
}
