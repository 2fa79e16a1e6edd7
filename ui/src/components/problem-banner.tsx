// The banner of a problem. Its button copies the command that helps, or opens the settings.
import { createSignal, type JSX, Match, Switch } from 'solid-js';
import type { Problem } from '../bindings/Problem';
import { copyText } from '../lib/clipboard';
import { useHost, useRouting } from '../lib/contexts';
import { text } from '../strings';
import { Banner } from './banner';
import { problemRemedy, type Remedy } from './problem-remedy';

export function ProblemBanner(props: { problem: Problem; onDismiss: () => void }): JSX.Element {
  return (
    <Banner testid="problem-banner" title={props.problem.message} hint={props.problem.hint} isProblem onDismiss={props.onDismiss}>
      <RemedyButton remedy={problemRemedy(props.problem)} />
    </Banner>
  );
}

function RemedyButton(props: { remedy: Remedy | null }): JSX.Element {
  const routing = useRouting();
  const host = useHost();
  const [isCopied, setCopied] = createSignal(false);
  const command = () => (props.remedy?.kind === 'command' ? props.remedy.command : null);
  return (
    <Switch>
      <Match when={command()}>
        {(current) => (
          <button
            type="button"
            class="button button--small"
            title={current()}
            data-testid="copy-command"
            onClick={() => void copyText(current(), host).then(setCopied)}
          >
            {isCopied() ? text.copied : text.app.banner.copyCommand}
          </button>
        )}
      </Match>
      <Match when={props.remedy?.kind === 'settings'}>
        <button type="button" class="button button--small" data-testid="open-settings" onClick={() => routing.go({ page: 'settings' })}>
          {text.app.tabs.settings}
        </button>
      </Match>
    </Switch>
  );
}
