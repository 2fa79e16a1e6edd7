// Short names that stay distinct.
import { expect, test } from 'vitest';
import { baseName } from '../../lib/sanitize';
import { distinctNames, shortPullRequest } from './part-names';

test('projects of the same name get the folder above them', () => {
  expect(distinctNames(['/code/weaver/cli', '/code/tools/cli', '/code/ledger', null], baseName)).toEqual(['weaver / cli', 'tools / cli', 'ledger', null]);
});

test.each([
  ['https://github.com/ada/harbour/pull/7', '#7 ada/harbour'],
  ['https://git.example/group/sub/harbour/-/merge_requests/12?tab=1', '#12 group/sub/harbour'],
  ['https://codeberg.org/ada/harbour/pulls/3/files', '#3 ada/harbour'],
  ['https://example.com/', 'https://example.com/'],
  ['no address', 'no address'],
])('%s is shortened to %s', (url, short) => {
  expect(shortPullRequest(url)).toBe(short);
});
