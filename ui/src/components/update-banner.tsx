// The banner of a newer version, with the address from which it can be downloaded. Its button copies the address.
import { createSignal, type JSX } from 'solid-js';
import type { AvailableUpdate } from '../bindings/AvailableUpdate';
import { copyText } from '../lib/clipboard';
import { useHost } from '../lib/contexts';
import { text } from '../strings';
import { Banner } from './banner';

export function UpdateBanner(props: { update: AvailableUpdate; onDismiss: () => void }): JSX.Element {
  const host = useHost();
  const [isCopied, setCopied] = createSignal(false);
  return (
    <Banner testid="update-banner" title={text.app.update.title(props.update.version)} hint={props.update.url} onDismiss={props.onDismiss}>
      <button type="button" class="button button--small" data-testid="copy-address" onClick={() => void copyText(props.update.url, host).then(setCopied)}>
        {isCopied() ? text.copied : text.app.update.copyAddress}
      </button>
    </Banner>
  );
}
