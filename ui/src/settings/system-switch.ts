// A switch of the system or of Claude Code: asked how it stands, and again when the page is seen again.
// It refuses to guess: until the first answer it is neither on nor off.
import { createSignal, type Accessor } from 'solid-js';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';
import { onSeenAgain } from '../visible';

export interface SystemSwitch {
  /** Null until the first answer. */
  readonly on: Accessor<boolean | null>;
  readonly refusal: Accessor<Refusal | null>;
  turn(on: boolean): void;
}

function createSystemSwitch(read: () => Promise<boolean>, write: (on: boolean) => Promise<boolean>): SystemSwitch {
  const [on, setOn] = createSignal<boolean | null>(null);
  const [refusal, setRefusal] = createSignal<Refusal | null>(null);
  let latest = 0;
  const take = async (answer: Promise<boolean>) => {
    const mine = (latest += 1);
    setRefusal(null);
    try {
      const said = await answer;
      if (mine === latest) setOn(said);
    } catch (thrown) {
      if (mine === latest) setRefusal(toRefusal(thrown));
    }
  };
  void take(read());
  onSeenAgain(() => void take(read()));
  return { on, refusal, turn: (next) => void take(write(next)) };
}

/** All there are, by the group they stand in. */
export interface SystemSwitches {
  login: SystemSwitch;
  statusline: SystemSwitch;
}

export function createSystemSwitches(host: Host): SystemSwitches {
  return {
    login: createSystemSwitch(() => host.autostart(), (on) => host.setAutostart(on)),
    statusline: createSystemSwitch(() => host.statusline(), (on) => host.setStatusline(on)),
  };
}
