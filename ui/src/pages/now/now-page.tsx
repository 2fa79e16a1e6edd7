// The Now page: the current block, quota windows, burn rate, today and running sessions. All figures come from
// the engine.
import { type JSX, Show } from 'solid-js';
import { createIsWide } from '../../lib/media-query';
import { Agents } from './agents';
import { BurnRateSection } from './burn-rate';
import { CurrentBlock } from './current-block';
import { LimitsOffer } from './limits-offer';
import { NowYear } from './now-year';
import { Today, TodayByKind } from './today';
import './now.css';

export function NowPage(): JSX.Element {
  const isWide = createIsWide();
  return (
    <div class="page-stack now">
      <CurrentBlock />
      <LimitsOffer />
      <div class="now__pair">
        <BurnRateSection />
        <Today />
      </div>
      <Agents />
      <TodayByKind />
      <Show when={isWide()}>
        <NowYear />
      </Show>
    </div>
  );
}
