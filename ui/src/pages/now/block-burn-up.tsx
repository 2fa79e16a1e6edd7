// The burn-up chart of the current block: in percent of a limit, otherwise in tokens beside the usual maximum.
import { createMemo, type JSX, Show } from 'solid-js';
import type { BillingBlock } from '../../bindings/BillingBlock';
import type { LimitUse } from '../../bindings/LimitUse';
import { BurnUpChart } from '../../charts/burn-up';
import { burnUpCurve } from '../../charts/burn-up-layout';
import { useClock, useSnapshot } from '../../lib/contexts';
import { formatCompact, formatCompactRange, formatPercentRange } from '../../lib/format';
import { isLimit, usedText } from '../../lib/limit-text';
import { createIsLarge, createIsWide } from '../../lib/media-query';
import { officialBlockQuota } from '../../lib/quota';
import { formatClock, formatUpcoming } from '../../lib/time';
import { text } from '../../strings';
import { blockLead } from './block-lead';

/** The height of the chart, without a gauge above it, in a wide and in a large window; in pixels. */
const [HEIGHT, TALL_HEIGHT, WIDE_HEIGHT, LARGE_HEIGHT] = [106, 132, 210, 236];

/** The room above the highest value, as a factor. */
const HEADROOM = 1.06;

/** The top of a percentage chart: close to the limit, or above it if it will be exceeded. */
const [PERCENT_TOP, EXCEEDED_TOP] = [104, 122];

/** The factor above the highest value up to which the usual maximum is drawn; a higher line would flatten the chart. */
const MAX_OVERSHOOT = 3;

export function BlockBurnUp(props: { block: BillingBlock }): JSX.Element {
  const snapshot = useSnapshot();
  return (
    <Show when={props.block.tokensUsed > 0 && Date.parse(snapshot().at) > Date.parse(props.block.startTime)}>
      <Show when={limitUse(snapshot().blockUse)} fallback={<TokenBurnUp block={props.block} />}>
        {(use) => <LimitBurnUp block={props.block} use={use()} />}
      </Show>
    </Show>
  );
}

const limitUse = (use: LimitUse | null) => (use !== null && isLimit(use.basis) ? use : null);

/** Returns what both kinds of chart have in common; values are in the unit of `total`. */
function createChartInputs(block: () => BillingBlock, total: () => number) {
  const snapshot = useSnapshot();
  const { now, zone } = useClock();
  const start = () => Date.parse(block().startTime);
  const curve = createMemo(() => {
    const factor = total() / block().tokensUsed;
    const scale = (tokens: number) => tokens * factor;
    const now = Math.min(Date.parse(snapshot().at), Date.parse(block().endTime));
    return burnUpCurve({ start: start(), now, total: total(), steps: block().curve.map(scale), minutes: snapshot().lastHour.map(scale) });
  });
  const endText = () => (block().label === 'estimated' ? '~' : '') + formatUpcoming(block().endTime, now(), zone());
  const [isWide, isLarge] = [createIsWide(), createIsLarge()];
  const height = (narrow: number) => (isLarge() ? LARGE_HEIGHT : isWide() ? WIDE_HEIGHT : narrow);
  return { height, start, end: () => Date.parse(block().endTime), curve, startText: () => formatClock(block().startTime, zone()), endText, formatHour: (at: number) => formatClock(at, zone()).slice(0, 2) };
}

/** The chart of a limit, in percent. The curve is scaled to the reported share. */
function LimitBurnUp(props: { block: BillingBlock; use: LimitUse }): JSX.Element {
  const { now, zone } = useClock();
  const inputs = createChartInputs(() => props.block, () => props.use.usedPercent);
  const snapshot = useSnapshot();
  /** Nothing is forecast from an outdated share. */
  const isStale = () => officialBlockQuota(snapshot())?.isStale ?? false;
  const expected = () => (props.use.usedPercent < 100 && !isStale() ? props.use.projectedPercent : null);
  const max = () => Math.max((expected()?.high ?? 0) > PERCENT_TOP ? EXCEEDED_TOP : PERCENT_TOP, props.use.usedPercent * 1.02);
  const reachedAt = () => {
    const lead = blockLead(props.use);
    return lead.kind === 'toLimit' ? { at: lead.at, text: formatUpcoming(new Date(lead.at).toISOString(), now(), zone()) } : null;
  };
  const label = () => {
    const range = expected();
    const used = text.now.burnUp.label(`${usedText(props.use)}, ${text.provenance[props.use.label]}`);
    return range === null ? used : used + text.now.burnUp.expected(formatPercentRange(range.low, range.high), text.provenance.estimated);
  };
  return (
    <BurnUpChart
      label={label()}
      height={inputs.height(HEIGHT)}
      start={inputs.start()}
      end={inputs.end()}
      curve={inputs.curve()}
      max={max()}
      line={{ value: 100, text: text.now.burnUp.limit, isLimit: true }}
      expected={expected()}
      reachedAt={reachedAt()}
      formatValue={(value) => `${Math.round(value)}%`}
      formatHour={inputs.formatHour}
      startText={inputs.startText()}
      endText={inputs.endText()}
      evenText={text.now.burnUp.evenPace}
    />
  );
}

/** The chart of a block without a limit, in tokens. */
function TokenBurnUp(props: { block: BillingBlock }): JSX.Element {
  const snapshot = useSnapshot();
  const inputs = createChartInputs(() => props.block, () => props.block.tokensUsed);
  const expected = () => snapshot().projectedTokens;
  const highest = () => Math.max(props.block.tokensUsed, expected()?.high ?? 0);
  const line = () => {
    const use = snapshot().blockUse;
    if (use === null || use.limit === null || use.limit > highest() * MAX_OVERSHOOT) return null;
    return { value: use.limit, text: use.basis === 'max' ? text.now.burnUp.largestBlock : text.now.burnUp.usualMaximum, isLimit: false };
  };
  const label = () => {
    const [use, range] = [snapshot().blockUse, expected()];
    const used = use === null ? `${text.tokens(formatCompact(props.block.tokensUsed))}, ${text.provenance.measured}` : `${usedText(use)}, ${text.provenance[use.label]}`;
    const start = text.now.burnUp.label(used);
    return range === null ? start : start + text.now.burnUp.expected(text.tokens(formatCompactRange(range.low, range.high)), text.provenance.estimated);
  };
  return (
    <BurnUpChart
      label={label()}
      height={inputs.height(TALL_HEIGHT)}
      start={inputs.start()}
      end={inputs.end()}
      curve={inputs.curve()}
      max={Math.max(highest(), line()?.value ?? 0) * HEADROOM}
      line={line()}
      expected={expected()}
      reachedAt={null}
      formatValue={(value) => `~${formatCompact(value)}`}
      formatHour={inputs.formatHour}
      startText={inputs.startText()}
      endText={inputs.endText()}
      evenText=""
    />
  );
}
