// About the app: its version, the meaning of its signs, and where its data is.
import { createResource, For, type JSX, Show } from 'solid-js';
import { useHost, useSnapshotStore } from '../lib/contexts';
import { text } from '../strings';
import { Dialog } from './dialog';
import { Path } from './path';
import { OfficialSign } from './provenance-sign';
import './about-dialog.css';

const strings = text.reach.aboutDialog;

export function AboutDialog(props: { onClose: () => void }): JSX.Element {
  const host = useHost();
  const store = useSnapshotStore();
  const [settings] = createResource(() => host.settings().catch(() => null));
  const roots = () => store.state.snapshot?.roots.filter((root) => root.found) ?? [];
  return (
    <Dialog title={strings.title} testid="about-dialog" onClose={props.onClose}>
      <Show when={settings()}>{(page) => <p class="caption selectable">{strings.version(page().version)}</p>}</Show>
      <p>{strings.note}</p>
      <h3 class="page-section">{strings.signs}</h3>
      <Signs />
      <h3 class="page-section">{strings.data}</h3>
      <Show when={settings.state === 'ready' && settings() === null}>
        <p class="caption">{strings.failed}</p>
      </Show>
      <dl class="card about-list">
        <Show when={settings()}>
          {(page) => (
            <>
              <PathRow name={strings.settingsFile} path={page().configPath} />
              <PathRow name={strings.database} path={page().storePath} />
            </>
          )}
        </Show>
        <For each={roots()}>{(root) => <PathRow name={strings.logs} path={root.path} />}</For>
      </dl>
    </Dialog>
  );
}

function Signs(): JSX.Element {
  return (
    <dl class="card about-list">
      <div class="about-list__row">
        <dt>
          <OfficialSign />
        </dt>
        <dd>{strings.official}</dd>
      </div>
      <div class="about-list__row">
        <dt>~</dt>
        <dd>{strings.estimate}</dd>
      </div>
      <div class="about-list__row">
        <dt>$</dt>
        <dd>{strings.cost}</dd>
      </div>
      <div class="about-list__row">
        <dt>{strings.measured}</dt>
        <dd>{strings.measuredMeaning}</dd>
      </div>
    </dl>
  );
}

function PathRow(props: { name: string; path: string }): JSX.Element {
  return (
    <div class="about-list__row">
      <dt>{props.name}</dt>
      <dd class="selectable">
        <Path value={props.path} />
      </dd>
    </div>
  );
}
