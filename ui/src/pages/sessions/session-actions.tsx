// Buttons to pin, mute or hide the shown session. Each can be undone.
import { type Component, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { SessionStats } from '../../bindings/SessionStats';
import { CrossedEye, MutedBell, Pin } from '../../components/icons';
import { text } from '../../strings';
import type { SessionEdit } from './session-edits';

interface ActionsProps {
  session: SessionStats;
  onEdit: (edit: SessionEdit) => void;
}

type SessionFlag = 'isPinned' | 'isHidden' | 'isMuted';

interface FlagTexts {
  on: string;
  off: string;
  isOn: string;
  isOff: string;
  testid: string;
  icon: Component;
}

const flagTexts: Record<SessionFlag, FlagTexts> = {
  isPinned: { on: text.sessionDetail.pin, off: text.sessionDetail.unpin, isOn: text.sessionEdit.pinned, isOff: text.sessionEdit.unpinned, testid: 'pin', icon: Pin },
  isHidden: { on: text.sessionDetail.hide, off: text.sessionDetail.unhide, isOn: text.sessionEdit.hidden, isOff: text.sessionEdit.unhidden, testid: 'hide', icon: CrossedEye },
  isMuted: { on: text.sessionDetail.mute, off: text.sessionDetail.unmute, isOn: text.sessionEdit.muted, isOff: text.sessionEdit.unmuted, testid: 'mute', icon: MutedBell },
};

export function SessionActions(props: ActionsProps): JSX.Element {
  return (
    <div class="session-pane__actions" role="group" aria-label={text.sessionDetail.actions}>
      <FlagButton {...props} flag="isPinned" />
      <FlagButton {...props} flag="isMuted" />
      <FlagButton {...props} flag="isHidden" />
    </div>
  );
}

function FlagButton(props: ActionsProps & { flag: SessionFlag }): JSX.Element {
  const texts = () => flagTexts[props.flag];
  const isOn = () => props.session[props.flag];
  const label = () => (isOn() ? texts().off : texts().on);
  return (
    <button
      type="button"
      class="button button--icon"
      classList={{ 'is-on': isOn() }}
      data-testid={texts().testid}
      aria-label={label()}
      title={label()}
      onClick={() => props.onEdit(flagEdit(props.session.sessionId, props.flag, !isOn()))}
    >
      <Dynamic component={texts().icon} />
    </button>
  );
}

function flagEdit(sessionId: string, flag: SessionFlag, on: boolean): SessionEdit {
  const message = on ? flagTexts[flag].isOn : flagTexts[flag].isOff;
  return { sessionId, changes: { [flag]: on }, before: { [flag]: !on }, message };
}
