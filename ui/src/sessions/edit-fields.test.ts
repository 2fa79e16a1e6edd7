// What a form sends: only what differs.
import { expect, test } from 'vitest';
import { difference, fieldOf, shown, tagsOf, type Known } from './edit-fields';

const known: Known = { name: 'mine', tags: ['a, b', 'ev\u202Eil'], description: 'one\r\ntwo' };
const same = shown(known);

test('what is the same is not sent, even where it cannot be shown as it is', () => {
  expect(same).toEqual({ name: 'mine', tags: 'a, b, evil', description: 'one\ntwo' });
  expect(difference('s', known, same)).toBeNull();
});

test('what differs is sent with how it was', () => {
  expect(difference('s', known, { ...same, name: ' other ' })).toMatchObject({ changes: { name: 'other' }, before: { name: 'mine' }, words: 'Renamed.' });
  expect(difference('s', known, { ...same, tags: 'x,, y ,x' })).toMatchObject({ changes: { tags: ['x', 'y'] }, before: { tags: known.tags }, words: 'Changed.' });
  expect(difference('s', known, { ...same, description: '' })).toMatchObject({ changes: { description: '' }, before: { description: 'one\r\ntwo' } });
});

test('a name that is taken away is empty', () => {
  expect(difference('s', known, { ...same, name: '' })?.changes).toEqual({ name: '' });
  expect(difference('s', { ...known, name: null }, { ...same, name: '' })).toBeNull();
});

test('no tag is blank or told twice', () => expect(tagsOf(' , a,a , b')).toEqual(['a', 'b']));

test('a refusal stands at the field it is about, and at none where it is about none', () => {
  const edit = (changes: object) => ({ sessionId: 's', changes, before: {}, words: '' });
  const all = edit({ name: 'n', tags: [], description: '' });
  expect([fieldOf(all, 'nameTaken'), fieldOf(all, 'nameInvalid'), fieldOf(all, 'badValue')]).toEqual(['name', 'name', 'tags']);
  expect(fieldOf(edit({ name: 'n', description: '' }), 'badValue')).toBe('description');
  expect(fieldOf(edit({ name: 'n' }), 'badValue')).toBe('name');
  expect([fieldOf(all, 'offline'), fieldOf(all, 'busy'), fieldOf(all, 'internal')]).toEqual([null, null, null]);
});
