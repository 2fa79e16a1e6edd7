// A notice that notifications are unavailable, with the reason. Shared by the Alerts and Settings pages.
import type { JSX } from 'solid-js';
import { text } from '../strings';
import { SanitizedText } from './sanitized-text';

export function NotificationsUnavailable(props: { reason: string; hint: string }): JSX.Element {
  return (
    <section class="banner banner--notice selectable" data-testid="alerts-unavailable">
      <div>
        <p class="banner__title">{text.alerts.unavailable}</p>
        <p>
          <SanitizedText value={props.reason} />
        </p>
        <p>{props.hint}</p>
      </div>
    </section>
  );
}
