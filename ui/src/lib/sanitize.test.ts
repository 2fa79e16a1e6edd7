// Sanitizing of names and texts.
import { expect, test } from 'vitest';
import { baseName, sanitizeLine, sanitizeName, sanitizeText, sanitizeTitle, shortModelName } from './sanitize';

test('an ordinary name is unchanged, including accents, combining marks and emoji', () => {
  const names = ['fix login flow', 'Überprüfung', 'データベース', 'שלום', 'a\u0301 ok', '👍🏽 done'];
  expect(names.map(sanitizeName)).toEqual(names);
});

test.each([
  ['bidi embeddings and overrides', 'evil\u202Egnp.exe\u202C'],
  ['bidi isolates', '\u2066evil\u2069gnp.exe'],
  ['direction marks', 'evil\u200Egnp\u200F.exe\u061C'],
  ['zero width characters', 'ev\u200Bil\u200Cgn\u200Dp\u2060.exe\uFEFF'],
  ['C0 and C1 controls', 'evil\u0000\u0007gnp\u009B.exe\u007F'],
  ['tag characters', 'evilgnp.exe\u{E0041}\u{E007F}'],
  ['lone surrogates', 'evil\uD800gnp.exe'],
])('%s are removed', (_, name) => {
  expect(sanitizeName(name)).toBe('evilgnp.exe');
});

test('a name is put on one line', () => {
  expect(sanitizeName('  first\r\n\tsecond\u2028third  ')).toBe('first second third');
});

test('markup is kept as text', () => {
  expect(sanitizeName('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
});

test('a long name is truncated between code points with an ellipsis', () => {
  const cut = sanitizeName('👍'.repeat(10_000));
  expect(Array.from(cut)).toHaveLength(240);
  expect(cut.endsWith('👍…')).toBe(true);
  expect(Array.from(sanitizeTitle('x'.repeat(10_000)))).toHaveLength(1_024);
});

test('the last part of a path is found with either separator', () => {
  expect(['/a/b/', 'C:\\Users\\ada\\site', 'alone', '/', ''].map(baseName)).toEqual(['b', 'site', 'alone', '/', '']);
});

test('a model name loses vendor and date but is never empty', () => {
  const models = ['claude-opus-4-5-20251101', 'claude-3-5-haiku-20241022', 'claude-sonnet-4-20250514', 'claude-sonnet-4-5-20250929[1m]', 'gpt-5', 'claude-'];
  expect(models.map(shortModelName)).toEqual(['Opus 4.5', 'Haiku 3.5', 'Sonnet 4', 'Sonnet 4.5[1m]', 'gpt-5', 'claude-']);
});

test('a text keeps its line breaks and loses invisible characters', () => {
  expect(sanitizeText(' one\r\ntwo\u202E\u2028three\u0007 ')).toBe('one\ntwo\nthree');
  expect(sanitizeText('x'.repeat(10_240))).toHaveLength(10_240);
  expect(sanitizeLine('a\nb\u200B')).toBe('a b');
});
