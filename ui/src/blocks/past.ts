// The blocks as far back as was looked: pages fetched as they come into view, and the newest of them again when something
// changed. It refuses to guess: where the past itself changed, what was fetched of it is forgotten and asked for anew.
import { batch, createSignal, type Accessor } from 'solid-js';
import type { BillingBlock } from '../bindings/BillingBlock';
import type { BlockHistory } from '../bindings/BlockHistory';
import type { Host, Refusal } from '../host/host';
import { toRefusal } from '../host/refusal';

/** Blocks and gaps fetched in one go: about a fortnight of work. */
export const PAGE = 100;

/** What is remarkable about all blocks, fetched or not. */
export type Remarks = Omit<BlockHistory, 'blocks'>;

export interface Past {
  /** Blocks and gaps, the latest first. */
  readonly rows: Accessor<readonly BillingBlock[]>;
  /** Null until the first answer. */
  readonly remarks: Accessor<Remarks | null>;
  readonly failure: Accessor<Refusal | null>;
  /** The earliest fetched are in view: fetches what came before them. */
  more(): void;
  /** Fetches the newest again. */
  refresh(): void;
}

export function createPast(host: Host): Past {
  const [rows, setRows] = createSignal<readonly BillingBlock[]>([]);
  const [remarks, setRemarks] = createSignal<Remarks | null>(null);
  const [failure, setFailure] = createSignal<Refusal | null>(null);
  let complete = false;
  let asking = false;
  /** The newest were wished for while something else was asked for. */
  let behind = false;
  /** After a failure nothing is asked until someone says so: a broken host is not hammered. */
  let halted = false;

  const ask = async (offset: number, join: (before: readonly BillingBlock[], page: BlockHistory) => readonly BillingBlock[]) => {
    if (asking) return;
    asking = true;
    try {
      const page = await host.blocks(offset, PAGE);
      const { blocks, ...said } = page;
      batch(() => {
        const joined = join(rows(), page);
        if (joined.length === offset + blocks.length) complete = blocks.length < PAGE;
        setRows(joined);
        setRemarks(said);
        setFailure(null);
      });
    } catch (thrown) {
      halted = true;
      setFailure(toRefusal(thrown));
    } finally {
      asking = false;
    }
    if (behind) refresh();
  };
  const more = () => {
    if (!complete && !halted && remarks() !== null) void ask(rows().length, (before, page) => appended(before, page.blocks));
  };
  const refresh = () => {
    halted = false;
    behind = asking;
    if (behind) return;
    const count = remarks()?.count ?? null;
    void ask(0, (before, page) => renewed(before, page.blocks, count === null ? 0 : page.count - count));
  };
  refresh();
  return { rows, remarks, failure, more, refresh };
}

/** Earlier ones after those known; one that moved by a place meanwhile stands once. */
export function appended(before: readonly BillingBlock[], page: readonly BillingBlock[]): readonly BillingBlock[] {
  const known = new Set(before.map((row) => row.id));
  return [...before, ...page.filter((row) => !known.has(row.id))];
}

/** The newest page before what was known, where the two meet; alone, where they do not or the past has changed. */
export function renewed(before: readonly BillingBlock[], page: readonly BillingBlock[], grown: number): readonly BillingBlock[] {
  const last = page.at(-1);
  const meet = before.findIndex((row) => row.id === last?.id);
  const fresh = meet < 0 ? 0 : page.length - 1 - meet;
  return meet >= 0 && fresh === grown ? [...page, ...before.slice(meet + 1)] : page;
}
