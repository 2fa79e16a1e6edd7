// Buttons to pin, hide or mute an expanded session. Each can be undone. Editing is done with the pencil in the row.
import type { JSX } from 'solid-js';
import type { SessionStats } from '../../bindings/SessionStats';
import { text } from '../../strings';
import type { SessionEdit } from './session-edits';

interface ActionsProps {
  session: SessionStats;
  onEdit: (edit: SessionEdit) => void;
}

type SessionFlag = 'isPinned' | 'isHidden' | 'isMuted';

const flagTexts: Record<SessionFlag, { on: string; off: string; isOn: string; isOff: string; testid: string }> = {
  isPinned: { on: text.sessionDetail.pin, off: text.sessionDetail.unpin, isOn: text.sessionEdit.pinned, isOff: text.sessionEdit.unpinned, testid: 'pin' },
  isHidden: { on: text.sessionDetail.hide, off: text.sessionDetail.unhide, isOn: text.sessionEdit.hidden, isOff: text.sessionEdit.unhidden, testid: 'hide' },
  isMuted: { on: text.sessionDetail.mute, off: text.sessionDetail.unmute, isOn: text.sessionEdit.muted, isOff: text.sessionEdit.unmuted, testid: 'mute' },
};

export function SessionActions(props: ActionsProps): JSX.Element {
  return (
    <div class="button-row" role="group" aria-label={text.sessionDetail.actions}>
      <FlagButton {...props} flag="isPinned" />
      <FlagButton {...props} flag="isHidden" />
      <FlagButton {...props} flag="isMuted" />
    </div>
  );
}

function FlagButton(props: ActionsProps & { flag: SessionFlag }): JSX.Element {
  const texts = () => flagTexts[props.flag];
  const isOn = () => props.session[props.flag];
  return (
    <button
      type="button"
      class="button button--small"
      data-testid={texts().testid}
      onClick={() => props.onEdit(flagEdit(props.session.sessionId, props.flag, !isOn()))}
    >
      {isOn() ? texts().off : texts().on}
    </button>
  );
}

function flagEdit(sessionId: string, flag: SessionFlag, on: boolean): SessionEdit {
  const message = on ? flagTexts[flag].isOn : flagTexts[flag].isOff;
  return { sessionId, changes: { [flag]: on }, before: { [flag]: !on }, message };
}
