// The usage of a session by model and by subagent run, with tokens and cost. Every figure has its
// provenance.
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { ModelStats } from '../../bindings/ModelStats';
import type { RunStats } from '../../bindings/RunStats';
import type { Totals } from '../../bindings/Totals';
import { CostCell } from '../../components/cost';
import { LabeledFigure } from '../../components/labeled-figure';
import { formatCompact, formatNumber } from '../../lib/format';
import { sanitizeName, sanitizeTitle, shortModelName } from '../../lib/sanitize';
import { text } from '../../strings';
import { groupRuns, type RunGroup } from './subagent-groups';

export function ModelUsage(props: { models: readonly ModelStats[] }): JSX.Element {
  return (
    <Show when={props.models.length > 0}>
      <section data-testid="models">
        <h2 class="card__label">{text.sessionDetail.models}</h2>
        <ul>
          <For each={props.models}>
            {(model) => <UsageRow name={shortModelName(model.model)} title={model.model} totals={model} testid="model" />}
          </For>
        </ul>
      </section>
    </Show>
  );
}

export function SubagentUsage(props: { runs: readonly RunStats[] }): JSX.Element {
  const shown = createMemo(() => groupRuns(props.runs));
  return (
    <Show when={props.runs.length > 0}>
      <section data-testid="runs">
        <h2 class="card__label">{text.sessionDetail.subagents}</h2>
        <ul>
          <For each={shown().groups}>{(group) => <RunGroupItems group={group} />}</For>
        </ul>
        <Show when={shown().more > 0}>
          <p class="caption">{text.sessionDetail.moreRuns(formatNumber(shown().more))}</p>
        </Show>
      </section>
    </Show>
  );
}

function RunGroupItems(props: { group: RunGroup }): JSX.Element {
  const rows = () => (
    <For each={props.group.runs}>
      {(run) => <UsageRow name={run.kind ?? text.sessionDetail.subagent} title={run.runId} totals={run} testid="run" isNested />}
    </For>
  );
  return (
    <Show when={props.group.workflow} fallback={rows()}>
      {(workflow) => (
        <li>
          <p class="usage-list__workflow" title={sanitizeTitle(workflow())} data-testid="workflow">
            <bdi class="truncated">{text.sessionDetail.workflow(sanitizeName(workflow()), formatNumber(props.group.count), props.group.count)}</bdi>
          </p>
          <ul class="usage-list__workflow-runs">{rows()}</ul>
        </li>
      )}
    </Show>
  );
}

interface UsageRowProps {
  name: string;
  /** The name as found in the logs. */
  title: string;
  totals: Totals;
  testid: string;
  /** True if the row is part of the group above. */
  isNested?: boolean;
}

function UsageRow(props: UsageRowProps): JSX.Element {
  const isLowerBound = () => props.totals.underLoggedMessages > 0;
  const label = () => text.provenance[props.totals.label] + (isLowerBound() ? `, ${text.underLogged}` : '');
  return (
    <li class="usage-list__row" classList={{ 'usage-list__row--nested': props.isNested }} data-testid={props.testid}>
      <bdi class="truncated usage-list__name" title={sanitizeTitle(props.title)}>
        {sanitizeName(props.name)}
      </bdi>
      <LabeledFigure class="usage-list__total" label={label()} title={text.tokens(formatNumber(props.totals.totalTokens))}>
        {formatCompact(props.totals.totalTokens)}
      </LabeledFigure>
      <span class="usage-list__cost">
        <CostCell cost={props.totals} />
      </span>
    </li>
  );
}
