// Why the system shows no alerts, and what becomes of them meanwhile. The same wherever alerts are looked at or chosen.
import type { JSX } from 'solid-js';
import { Plain } from '../parts/plain';
import { text } from '../text';

export function Unavailable(props: { why: string; hint: string }): JSX.Element {
  return (
    <section class="banner" data-testid="alerts-unavailable">
      <div>
        <p class="banner-title">{text.alertsPage.unavailable}</p>
        <p>
          <Plain value={props.why} />
        </p>
        <p>{props.hint}</p>
      </div>
    </section>
  );
}
