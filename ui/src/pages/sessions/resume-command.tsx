// The command that continues a session in Claude Code, with a button that copies it. Only an ID in the form of a UUID is
// offered: the command is pasted into a shell.
import { createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { Copy } from '../../components/icons';
import { copyText } from '../../lib/clipboard';
import { text } from '../../strings';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Milliseconds for which the button confirms the copy. */
const CONFIRMATION_TIME = 2_000;

export function ResumeCommand(props: { sessionId: string }): JSX.Element {
  const command = () => `claude --resume ${props.sessionId}`;
  const [isCopied, setCopied] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const copy = async () => {
    if (!(await copyText(command()))) return;
    setCopied(true);
    clearTimeout(timer);
    timer = setTimeout(() => setCopied(false), CONFIRMATION_TIME);
  };
  onCleanup(() => clearTimeout(timer));
  return (
    <Show when={UUID.test(props.sessionId)}>
      <div class="resume-command">
        <code class="selectable resume-command__text" dir="ltr">
          <bdi>{command()}</bdi>
        </code>
        <button type="button" class="button button--small" data-testid="copy-resume" onClick={() => void copy()}>
          <Copy />
          <span role="status">{isCopied() ? text.copied : text.copy}</span>
        </button>
      </div>
    </Show>
  );
}
