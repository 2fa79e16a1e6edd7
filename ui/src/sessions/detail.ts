// What is known of one session beyond its row: asked for when it is opened, and again when its row changed
// or its description did.
// It refuses to blink: the last answer stays until the next one is there, and an answer to an old question is dropped.
import { createEffect, createMemo, createSignal, on, type Accessor } from 'solid-js';
import type { SessionDetail } from '../bindings/SessionDetail';
import type { SessionStats } from '../bindings/SessionStats';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';

export interface Detail {
  readonly detail: Accessor<SessionDetail | null>;
  readonly failure: Accessor<Refusal | null>;
  again(): void;
}

/** `edition` goes up with each change of what a person wrote. */
export function createDetail(host: Host, session: Accessor<SessionStats>, edition: Accessor<number> = () => 0): Detail {
  const [detail, setDetail] = createSignal<SessionDetail | null>(null);
  const [failure, setFailure] = createSignal<Refusal | null>(null);
  let asked = 0;

  const ask = async (sessionId: string) => {
    const request = (asked += 1);
    try {
      const answer = await host.session(sessionId);
      if (request !== asked) return;
      setDetail(answer);
      setFailure(null);
    } catch (thrown) {
      if (request === asked) setFailure(toRefusal(thrown));
    }
  };
  /** A row that says the same has the same details. */
  const mark = createMemo(() => [session().sessionId, session().lastActivity, session().totalTokens, edition()].join(' '));
  createEffect(on(mark, () => void ask(session().sessionId)));
  return { detail, failure, again: () => void ask(session().sessionId) };
}
