// A folder or file on screen: cleaned like all text from elsewhere, and broken after its slashes rather than within a name.
import { For, type JSX } from 'solid-js';
import { plainTitle } from '../plain';

export function Path(props: { value: string }): JSX.Element {
  const parts = () => plainTitle(props.value).split(/(?<=[/\\])/);
  return (
    <bdi title={plainTitle(props.value)}>
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
