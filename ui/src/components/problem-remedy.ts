// The remedy for a problem, as far as its texts name one. Pure.
import type { Problem } from '../bindings/Problem';

/** What the button of a problem does: copy a command, or open the settings. */
export type Remedy = { kind: 'command'; command: string } | { kind: 'settings' };

/** A command of this program, up to the end of its words. */
const COMMAND = /token-monitor(?: [a-z][a-z-]*)?(?= |\.|,|$)/;

/** A setting's key, or the configuration file. */
const SETTING = /\b(config\.ya?ml|[a-z_]+\.[a-z_]+: )/;

/** Words between a command and the rest of its sentence, which are no subcommands. */
const NO_SUBCOMMAND = / (for|in|to|and|lists|is)$/;

export function problemRemedy({ message, hint }: Problem): Remedy | null {
  const command = COMMAND.exec(hint)?.[0].replace(NO_SUBCOMMAND, '');
  if (command !== undefined) return { kind: 'command', command };
  return SETTING.test(message) ? { kind: 'settings' } : null;
}
