// Short names that stay distinct.
import { expect, test } from 'vitest';
import { baseName } from '../../lib/sanitize';
import { distinctNames } from './project-names';

test('projects of the same name get the folder above them', () => {
  expect(distinctNames(['/code/weaver/cli', '/code/tools/cli', '/code/ledger', null], baseName)).toEqual(['weaver / cli', 'tools / cli', 'ledger', null]);
});
