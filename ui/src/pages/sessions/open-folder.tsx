// A button that opens the folder of a session. The host knows the folder; the page names the session only.
import { createSignal, type JSX, Show } from 'solid-js';
import type { ApiError } from '../../bindings/ApiError';
import type { SessionStats } from '../../bindings/SessionStats';
import { Folder } from '../../components/icons';
import { RefusalMessage } from '../../components/refusal-message';
import { toRefusal } from '../../host/refusal';
import { useHost } from '../../lib/contexts';
import { baseName, sanitizeName } from '../../lib/sanitize';
import { text } from '../../strings';

export function OpenFolder(props: { session: SessionStats }): JSX.Element {
  const host = useHost();
  const [refusal, setRefusal] = createSignal<ApiError | null>(null);
  const open = () => {
    setRefusal(null);
    host.openSessionFolder(props.session.sessionId).catch((thrown: unknown) => setRefusal(toRefusal(thrown)));
  };
  return (
    <Show when={props.session.projectPath}>
      {(path) => (
        <div>
          <button type="button" class="button button--small" data-testid="open-folder" title={text.reach.folderOf(sanitizeName(baseName(path())))} onClick={open}>
            <Folder />
            {text.reach.folder}
          </button>
          <Show when={refusal()}>{(reason) => <RefusalMessage refusal={reason()} testid="folder-refusal" />}</Show>
        </div>
      )}
    </Show>
  );
}
