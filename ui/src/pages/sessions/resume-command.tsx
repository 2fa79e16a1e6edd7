// The command that continues a session in Claude Code, with a button that copies it. Only an ID in the form of a UUID is
// offered: the command is pasted into a shell.
import { type JSX, Show } from 'solid-js';
import { CopyButton } from '../../components/copy-button';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function ResumeCommand(props: { sessionId: string }): JSX.Element {
  const command = () => `claude --resume ${props.sessionId}`;
  return (
    <Show when={UUID.test(props.sessionId)}>
      <div class="resume-command">
        <code class="selectable resume-command__text" dir="ltr">
          <bdi>{command()}</bdi>
        </code>
        <CopyButton value={command()} testid="copy-resume" />
      </div>
    </Show>
  );
}
