// What can be done with an opened session, each in one press: pin, hide, mute. What was done can be undone;
// editing is the pencil's in its row.
import type { JSX } from 'solid-js';
import type { SessionStats } from '../bindings/SessionStats';
import { text } from '../text';
import type { Edit } from './edits';

interface ActionsProps {
  session: SessionStats;
  make: (edit: Edit) => void;
}

type Mark = 'isPinned' | 'isHidden' | 'isMuted';

const marks: Record<Mark, { on: string; off: string; isOn: string; isOff: string; testid: string }> = {
  isPinned: { on: text.detail.pin, off: text.detail.unpin, isOn: text.edit.pinned, isOff: text.edit.unpinned, testid: 'pin' },
  isHidden: { on: text.detail.hide, off: text.detail.unhide, isOn: text.edit.hidden, isOff: text.edit.unhidden, testid: 'hide' },
  isMuted: { on: text.detail.mute, off: text.detail.unmute, isOn: text.edit.muted, isOff: text.edit.unmuted, testid: 'mute' },
};

export function Actions(props: ActionsProps): JSX.Element {
  return (
    <div class="actions" role="group" aria-label={text.detail.actions}>
      <MarkButton {...props} mark="isPinned" />
      <MarkButton {...props} mark="isHidden" />
      <MarkButton {...props} mark="isMuted" />
    </div>
  );
}

function MarkButton(props: ActionsProps & { mark: Mark }): JSX.Element {
  const of = () => marks[props.mark];
  const isOn = () => props.session[props.mark];
  return (
    <button
      type="button"
      class="button small"
      data-testid={of().testid}
      onClick={() => props.make(turned(props.session.sessionId, props.mark, !isOn()))}
    >
      {isOn() ? of().off : of().on}
    </button>
  );
}

function turned(sessionId: string, mark: Mark, on: boolean): Edit {
  const words = on ? marks[mark].isOn : marks[mark].isOff;
  return { sessionId, changes: { [mark]: on }, before: { [mark]: !on }, words };
}
