// The difference between edit form and saved metadata.
import { expect, test } from 'vitest';
import { diffFields, fieldForRefusal, parseTags, type SavedFields, toEditFields } from './edit-fields';

const saved: SavedFields = { name: 'mine', tags: ['a, b', 'ev\u202Eil'], description: 'one\r\ntwo' };
const unchanged = toEditFields(saved);

test('unchanged fields are not sent, even if sanitizing changed their display', () => {
  expect(unchanged).toEqual({ name: 'mine', tags: 'a, b, evil', description: 'one\ntwo' });
  expect(diffFields('s', saved, unchanged)).toBeNull();
});

test('changed fields are sent with their previous values', () => {
  expect(diffFields('s', saved, { ...unchanged, name: ' other ' })).toMatchObject({ changes: { name: 'other' }, before: { name: 'mine' }, message: 'Renamed.' });
  expect(diffFields('s', saved, { ...unchanged, tags: 'x,, y ,x' })).toMatchObject({ changes: { tags: ['x', 'y'] }, before: { tags: saved.tags }, message: 'Saved.' });
  expect(diffFields('s', saved, { ...unchanged, description: '' })).toMatchObject({ changes: { description: '' }, before: { description: 'one\r\ntwo' } });
});

test('a removed name is sent as an empty string', () => {
  expect(diffFields('s', saved, { ...unchanged, name: '' })?.changes).toEqual({ name: '' });
  expect(diffFields('s', { ...saved, name: null }, { ...unchanged, name: '' })).toBeNull();
});

test('blank and repeated tags are dropped', () => expect(parseTags(' , a,a , b')).toEqual(['a', 'b']));

test('a refusal is assigned to its field, if it has one', () => {
  const edit = (changes: object) => ({ sessionId: 's', changes, before: {}, message: '' });
  const all = edit({ name: 'n', tags: [], description: '' });
  expect([fieldForRefusal(all, 'nameTaken'), fieldForRefusal(all, 'nameInvalid'), fieldForRefusal(all, 'badValue')]).toEqual(['name', 'name', 'tags']);
  expect(fieldForRefusal(edit({ name: 'n', description: '' }), 'badValue')).toBe('description');
  expect(fieldForRefusal(edit({ name: 'n' }), 'badValue')).toBe('name');
  expect([fieldForRefusal(all, 'offline'), fieldForRefusal(all, 'busy'), fieldForRefusal(all, 'internal')]).toEqual([null, null, null]);
});
