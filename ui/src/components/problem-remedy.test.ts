// The remedies of problems.
import { expect, test } from 'vitest';
import { problemRemedy } from './problem-remedy';

test('a command in the hint can be copied', () => {
  const hints = ['Run token-monitor doctor for the reasons.', 'Start token-monitor for a moment.'];
  expect(hints.map((hint) => problemRemedy({ code: 'logUnreadable', message: 'Cannot read a log.', hint }))).toEqual([
    { kind: 'command', command: 'token-monitor doctor' },
    { kind: 'command', command: 'token-monitor' },
  ]);
});

test('an invalid setting leads to the settings', () => {
  const hint = 'Fix it in the file or environment where it is set.';
  expect(problemRemedy({ code: 'settingInvalid', message: 'config.yaml: blocks.anchor: expected auto, estimate or utc', hint })).toEqual({ kind: 'settings' });
});

test('other problems have no button', () => {
  expect(problemRemedy({ code: 'limitReached', message: 'The weekly limit is reached.', hint: 'Claude Code gave no reset time.' })).toBeNull();
});
