// The blocks loaded so far. Pages are loaded as they scroll into view, and the newest page is refetched after a change.
// If earlier blocks changed, the loaded pages are dropped.
import { type Accessor, batch, createSignal } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import type { BlockHistory } from '../../bindings/BlockHistory';
import type { ApiError } from '../../bindings/ApiError';
import type { Host } from '../../host/host';
import { toRefusal } from '../../host/refusal';

/** Blocks and gaps per page: about two weeks of work. */
export const PAGE_SIZE = 100;

/** Statistics over all blocks, loaded or not. */
export type BlockStats = Omit<BlockHistory, 'blocks'>;

export interface LoadedBlocks {
  /** Blocks and gaps, latest first. */
  readonly rows: Accessor<readonly BillingBlock[]>;
  /** Null until the first response. */
  readonly stats: Accessor<BlockStats | null>;
  readonly failure: Accessor<ApiError | null>;
  /** Loads the next earlier page. */
  loadMore(): void;
  /** Refetches the newest page. */
  refresh(): void;
}

export function createBlockHistory(host: Host): LoadedBlocks {
  const [rows, setRows] = createSignal<readonly BillingBlock[]>([]);
  const [stats, setStats] = createSignal<BlockStats | null>(null);
  const [failure, setFailure] = createSignal<ApiError | null>(null);
  let isComplete = false;
  let isFetching = false;
  /** A refresh was requested while another request was pending. */
  let isRefreshPending = false;
  /** After a failure nothing is requested until `refresh` is called, so that a failing host is not flooded. */
  let isHalted = false;

  const fetchPage = async (offset: number, merge: (loaded: readonly BillingBlock[], page: BlockHistory) => readonly BillingBlock[]) => {
    if (isFetching) return;
    isFetching = true;
    try {
      const page = await host.blocks(offset, PAGE_SIZE);
      const { blocks, ...pageStats } = page;
      batch(() => {
        const merged = merge(rows(), page);
        if (merged.length === offset + blocks.length) isComplete = blocks.length < PAGE_SIZE;
        setRows(merged);
        setStats(pageStats);
        setFailure(null);
      });
    } catch (thrown) {
      isHalted = true;
      setFailure(toRefusal(thrown));
    } finally {
      isFetching = false;
    }
    if (isRefreshPending) refresh();
  };
  const loadMore = () => {
    if (!isComplete && !isHalted && stats() !== null) void fetchPage(rows().length, (loaded, page) => appendPage(loaded, page.blocks));
  };
  const refresh = () => {
    isHalted = false;
    isRefreshPending = isFetching;
    if (isRefreshPending) return;
    const count = stats()?.count ?? null;
    void fetchPage(0, (loaded, page) => mergeNewest(loaded, page.blocks, count === null ? 0 : page.count - count));
  };
  refresh();
  return { rows, stats, failure, loadMore, refresh };
}

/** Appends an earlier page. A block that moved between two requests is kept once. */
export function appendPage(loaded: readonly BillingBlock[], page: readonly BillingBlock[]): readonly BillingBlock[] {
  const known = new Set(loaded.map((row) => row.id));
  return [...loaded, ...page.filter((row) => !known.has(row.id))];
}

/**
 * Merges the newest page with the loaded blocks if they overlap and no more than `added` blocks are new; otherwise
 * returns the page alone.
 */
export function mergeNewest(loaded: readonly BillingBlock[], page: readonly BillingBlock[], added: number): readonly BillingBlock[] {
  const last = page.at(-1);
  const overlap = loaded.findIndex((row) => row.id === last?.id);
  const newRows = overlap < 0 ? 0 : page.length - 1 - overlap;
  return overlap >= 0 && newRows === added ? [...page, ...loaded.slice(overlap + 1)] : page;
}
