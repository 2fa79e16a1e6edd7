// A switch whose state is kept by the system or by Claude Code. Read at the start, and again when the page becomes
// visible. Unknown until the first response.
import { type Accessor, createSignal } from 'solid-js';
import type { ApiError } from '../bindings/ApiError';
import type { Host } from '../host/host';
import { toRefusal } from '../host/refusal';
import { onVisible } from './visibility';

export interface SystemSwitch {
  /** Null until the first response. */
  readonly isOn: Accessor<boolean | null>;
  readonly refusal: Accessor<ApiError | null>;
  set(on: boolean): void;
}

function createSystemSwitch(read: () => Promise<boolean>, write: (on: boolean) => Promise<boolean>): SystemSwitch {
  const [isOn, setOn] = createSignal<boolean | null>(null);
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  let latestRequest = 0;
  const receive = async (response: Promise<boolean>) => {
    const request = (latestRequest += 1);
    setRefusal(null);
    try {
      const state = await response;
      if (request === latestRequest) setOn(state);
    } catch (thrown) {
      if (request === latestRequest) setRefusal(toRefusal(thrown));
    }
  };
  void receive(read());
  onVisible(() => void receive(read()));
  return { isOn, refusal, set: (next) => void receive(write(next)) };
}

/** The switches by settings group; null for those that the host does not have. */
export interface SystemSwitches {
  login: SystemSwitch | null;
  statusline: SystemSwitch | null;
}

export function createSystemSwitches(host: Host): SystemSwitches {
  return {
    login: host.features.has('autostart') ? createSystemSwitch(() => host.autostart(), (on) => host.setAutostart(on)) : null,
    statusline: host.features.has('statusline') ? createSystemSwitch(() => host.statusline(), (on) => host.setStatusline(on)) : null,
  };
}
