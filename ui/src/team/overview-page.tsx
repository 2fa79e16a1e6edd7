// The Overview page: the usage of the whole team.
import type { JSX } from 'solid-js';
import { UsageHistory } from './usage-history';

export function OverviewPage(): JSX.Element {
  return <UsageHistory />;
}
