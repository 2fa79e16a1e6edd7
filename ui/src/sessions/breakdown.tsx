// What a session is made of: a row for each model and for each run of a subagent, with tokens and cost.
// The headings say the labels once for the eye; every figure says its own to the ear.
import { createMemo, For, Show, type JSX } from 'solid-js';
import type { ModelStats } from '../bindings/ModelStats';
import type { RunStats } from '../bindings/RunStats';
import type { Totals } from '../bindings/Totals';
import { compact, exact } from '../format';
import { CostCell } from '../parts/cost';
import { Labelled } from '../parts/labelled';
import { plain, plainTitle, shortModel } from '../plain';
import { text } from '../text';
import { grouped, type RunGroup } from './workflows';

export function Models(props: { models: readonly ModelStats[] }): JSX.Element {
  return (
    <Show when={props.models.length > 0}>
      <section data-testid="models">
        <Heading words={text.detail.models} />
        <ul>
          <For each={props.models}>
            {(model) => <Part name={shortModel(model.model)} title={model.model} of={model} testid="model" />}
          </For>
        </ul>
      </section>
    </Show>
  );
}

export function Runs(props: { runs: readonly RunStats[] }): JSX.Element {
  const shown = createMemo(() => grouped(props.runs));
  return (
    <Show when={props.runs.length > 0}>
      <section data-testid="runs">
        <Heading words={text.detail.runs} />
        <ul>
          <For each={shown().groups}>{(group) => <Group group={group} />}</For>
        </ul>
        <Show when={shown().more > 0}>
          <p class="note">{text.detail.moreRuns(exact(shown().more))}</p>
        </Show>
      </section>
    </Show>
  );
}

function Group(props: { group: RunGroup }): JSX.Element {
  const rows = () => (
    <For each={props.group.runs}>
      {(run) => <Part name={run.kind ?? text.detail.run} title={run.runId} of={run} testid="run" within />}
    </For>
  );
  return (
    <Show when={props.group.workflow} fallback={rows()}>
      {(workflow) => (
        <li>
          <p class="workflow" title={plainTitle(workflow())} data-testid="workflow">
            <bdi>{text.detail.workflow(plain(workflow()), exact(props.group.count), props.group.count)}</bdi>
          </p>
          <ul class="of-workflow">{rows()}</ul>
        </li>
      )}
    </Show>
  );
}

function Heading(props: { words: string }): JSX.Element {
  return (
    <div class="headed">
      <h2>{props.words}</h2>
      <span class="label">{text.columns}</span>
    </div>
  );
}

interface PartProps {
  name: string;
  /** As the logs have it. */
  title: string;
  of: Totals;
  testid: string;
  /** Whether it is a part of what stands above. */
  within?: boolean;
}

function Part(props: PartProps): JSX.Element {
  const lowerBound = () => props.of.underLoggedMessages > 0;
  const label = () => text.label[props.of.label] + (lowerBound() ? `, ${text.underLogged}` : '');
  return (
    <li class="part" classList={{ within: props.within }} data-testid={props.testid}>
      <bdi class="part-name" title={plainTitle(props.title)}>
        {plain(props.name)}
      </bdi>
      <Labelled class="part-total" label={label()} title={text.tokens(exact(props.of.totalTokens))} heard>
        {compact(props.of.totalTokens)}
      </Labelled>
      <span class="part-cost">
        <CostCell of={props.of} />
      </span>
    </li>
  );
}
