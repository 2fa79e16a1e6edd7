// The remedy for a problem: a command that its hint names, or the page with its setting. Pure.
import type { Problem } from '../bindings/Problem';
import type { ProblemCode } from '../bindings/ProblemCode';

/** What the button of a problem does: copy a command, or open the settings. */
export type Remedy = { kind: 'command'; command: string } | { kind: 'settings' };

/** A command of this program, up to the end of its words. */
const COMMAND = /token-monitor(?: [a-z][a-z-]*)?(?= |\.|,|$)/;

/** The problems that are solved on the Settings page, or whose settings are shown there. */
const IN_SETTINGS: readonly ProblemCode[] = ['settingInvalid', 'zoneUnknown', 'folderMissing', 'folderUnreadable'];

/** Words between a command and the rest of its sentence, which are no subcommands. */
const NO_SUBCOMMAND = / (for|in|to|and|lists|is)$/;

export function problemRemedy({ code, hint }: Problem): Remedy | null {
  const command = COMMAND.exec(hint)?.[0].replace(NO_SUBCOMMAND, '');
  if (command !== undefined) return { kind: 'command', command };
  return IN_SETTINGS.includes(code) ? { kind: 'settings' } : null;
}
