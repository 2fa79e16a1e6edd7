// A path: sanitized, and breaking after slashes instead of within a name.
import { For, type JSX } from 'solid-js';
import { sanitizeTitle } from '../lib/sanitize';

export function Path(props: { value: string }): JSX.Element {
  const parts = () => sanitizeTitle(props.value).split(/(?<=[/\\])/);
  return (
    <bdi title={sanitizeTitle(props.value)}>
      <For each={parts()}>
        {(part, at) => (
          <>
            {at() > 0 ? <wbr /> : null}
            {part}
          </>
        )}
      </For>
    </bdi>
  );
}
