// Names from logs: what may be seen of them.
import { expect, test } from 'vitest';
import { baseName, plain, plainLine, plainText, plainTitle, shortModel } from './plain';

test('an ordinary name is left as it is, accents, marks and pictures included', () => {
  const names = ['fix login flow', 'Überprüfung', 'データベース', 'שלום', 'a\u0301 ok', '👍🏽 done'];
  expect(names.map(plain)).toEqual(names);
});

test.each([
  ['bidi embeddings and overrides', 'evil\u202Egnp.exe\u202C'],
  ['bidi isolates', '\u2066evil\u2069gnp.exe'],
  ['direction marks', 'evil\u200Egnp\u200F.exe\u061C'],
  ['zero width characters', 'ev\u200Bil\u200Cgn\u200Dp\u2060.exe\uFEFF'],
  ['C0 and C1 controls', 'evil\u0000\u0007gnp\u009B.exe\u007F'],
  ['tag characters', 'evilgnp.exe\u{E0041}\u{E007F}'],
  ['lone surrogates', 'evil\uD800gnp.exe'],
])('%s are taken out', (_, name) => {
  expect(plain(name)).toBe('evilgnp.exe');
});

test('a name stays on one line', () => {
  expect(plain('  first\r\n\tsecond\u2028third  ')).toBe('first second third');
});

test('markup is text like any other', () => {
  expect(plain('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
});

test('an endless name is cut between letters and says so', () => {
  const cut = plain('👍'.repeat(10_000));
  expect(Array.from(cut)).toHaveLength(240);
  expect(cut.endsWith('👍…')).toBe(true);
  expect(Array.from(plainTitle('x'.repeat(10_000)))).toHaveLength(1_024);
});

test('the last part of a folder is found with either separator', () => {
  expect(['/a/b/', 'C:\\Users\\ada\\site', 'alone', '/', ''].map(baseName)).toEqual(['b', 'site', 'alone', '/', '']);
});

test('a model loses its maker and its date, never its whole name', () => {
  const models = ['claude-opus-4-5-20251101', 'claude-3-5-haiku-20241022', 'gpt-x', 'claude-'];
  expect(models.map(shortModel)).toEqual(['opus-4-5', '3-5-haiku', 'gpt-x', 'claude-']);
});

test('a text keeps its lines and loses what is invisible', () => {
  expect(plainText(' one\r\ntwo\u202E\u2028three\u0007 ')).toBe('one\ntwo\nthree');
  expect(plainText('x'.repeat(10_240))).toHaveLength(10_240);
  expect(plainLine('a\nb\u200B')).toBe('a b');
});
