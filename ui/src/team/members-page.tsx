// The Members page: who is near a limit, and the devices of all members with their last update and the level of detail that they
// share.
import { For, type JSX, Match, Show, Switch } from 'solid-js';
import { SanitizedText } from '../components/sanitized-text';
import { EmptyNote, LoadError, LoadingNote, StaleNote } from '../components/status-notes';
import type { TeamDevice } from '../host/team';
import { formatNumber } from '../lib/format';
import { createQuery } from '../lib/query';
import { formatAgo } from '../lib/time';
import { teamText } from '../strings/team';
import { LimitList } from './limit-list';
import { refetchEachMinute, useTeam } from './team-context';

export function MembersPage(): JSX.Element {
  const { host } = useTeam();
  const query = createQuery(() => null, () => host.devices());
  refetchEachMinute(query);
  return (
    <div class="page-stack">
      <Switch fallback={<LoadingNote message={teamText.loading} />}>
        <Match when={query.data()}>
          {(devices) => (
            <>
              <StaleNote failure={query.failure()} onRetry={() => query.refetch()} />
              <LimitList />
              <Show when={devices().length > 0} fallback={<EmptyNote message={teamText.members.none} hint={teamText.members.noneHint} />}>
                <DeviceList devices={devices()} />
              </Show>
            </>
          )}
        </Match>
        <Match when={query.failure()}>
          {(failure) => <LoadError message={teamText.members.failed} failure={failure()} onRetry={() => query.refetch()} />}
        </Match>
      </Switch>
    </div>
  );
}

function DeviceList(props: { devices: readonly TeamDevice[] }): JSX.Element {
  return (
    <section aria-labelledby="devices-heading">
      <h2 class="page-section" id="devices-heading">
        {teamText.members.heading(formatNumber(props.devices.length), props.devices.length)}
      </h2>
      <ul class="card card--rows">
        <For each={props.devices}>{(device) => <DeviceRow device={device} />}</For>
      </ul>
    </section>
  );
}

function DeviceRow(props: { device: TeamDevice }): JSX.Element {
  const { now } = useTeam();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const level = () => teamText.members.levels[props.device.level] ?? String(props.device.level);
  const update = () => {
    if (props.device.revokedAt !== null) return teamText.members.revoked;
    return props.device.lastSeen === null ? teamText.members.never : teamText.members.updated(formatAgo(props.device.lastSeen, now(), zone));
  };
  return (
    <li class="list-item" data-testid="device">
      <span class="list-item__top">
        <span class="list-item__name">
          <SanitizedText class="truncated" value={props.device.member} />
        </span>
        <span class="team-row__end">{update()}</span>
      </span>
      <span class="list-item__bottom">
        <span class="list-item__facts">
          <SanitizedText class="truncated" value={props.device.isAdmin ? `${props.device.device} · ${teamText.members.admin}` : props.device.device} />
        </span>
        <span class="team-row__end">{level()}</span>
      </span>
    </li>
  );
}
