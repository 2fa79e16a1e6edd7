// The pull requests that a session linked, each with its part of the usage and a button that copies its address. Only a plain
// address of the web is offered; any other is left out.
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { PullRequestStats } from '../../bindings/PullRequestStats';
import { CopyButton } from '../../components/copy-button';
import { CostCell } from '../../components/cost';
import { PullRequest } from '../../components/icons';
import { LabeledFigure } from '../../components/labeled-figure';
import { webAddress } from '../../lib/agents';
import { formatCompact, formatNumber } from '../../lib/format';
import { sanitizeName, sanitizeTitle } from '../../lib/sanitize';
import { text } from '../../strings';

export function PullRequests(props: { rows: readonly PullRequestStats[] }): JSX.Element {
  const rows = createMemo(() => props.rows.filter((row) => webAddress(row.url) !== null));
  return (
    <Show when={rows().length > 0}>
      <section class="card card--rows" aria-label={text.agents.pullRequests} data-testid="pull-requests">
        <ul>
          <For each={rows()}>{(row) => <PullRequestItem row={row} />}</For>
        </ul>
      </section>
    </Show>
  );
}

/** Returns the number and the repository; the address if Claude Code did not write them. */
function nameOf({ number, repository, url }: PullRequestStats): string {
  const parts = [number === null ? null : text.agents.pullRequest(String(number)), repository];
  return sanitizeName(parts.filter((part) => part !== null).join(' ') || url);
}

function PullRequestItem(props: { row: PullRequestStats }): JSX.Element {
  return (
    <li class="pull-request">
      <PullRequest />
      <span class="pull-request__name" title={sanitizeTitle(props.row.url)}>
        <bdi class="truncated">{nameOf(props.row)}</bdi>
      </span>
      <LabeledFigure class="list-item__total" label={text.provenance[props.row.label]} title={text.tokens(formatNumber(props.row.totalTokens))}>
        {formatCompact(props.row.totalTokens)}
      </LabeledFigure>
      <span class="list-item__cost">
        <CostCell cost={props.row} />
      </span>
      <CopyButton value={props.row.url} label={text.agents.copyAddress(nameOf(props.row))} />
    </li>
  );
}
