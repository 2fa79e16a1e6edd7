// Every string of the UI, by page. No exclamation marks, no emoji. Figures and times are passed in already formatted.
// English only: plurals are chosen by `pluralize`, and sentences are built from parts.
import { agentStrings } from './agents';
import { alertStrings } from './alerts';
import { appStrings } from './app';
import { blockStrings } from './blocks';
import { commonStrings } from './common';
import { historyStrings } from './history';
import { labelStrings } from './labels';
import { nowStrings } from './now';
import { reachStrings } from './reach';
import { sessionDetailStrings, sessionEditStrings, sessionStrings } from './sessions';
import { settingStrings } from './settings';
import { webStrings } from './web';

export const text = {
  ...labelStrings,
  ...commonStrings,
  app: appStrings,
  agents: agentStrings,
  now: nowStrings,
  sessions: sessionStrings,
  sessionDetail: sessionDetailStrings,
  sessionEdit: sessionEditStrings,
  blocks: blockStrings,
  history: historyStrings,
  alerts: alertStrings,
  settings: settingStrings,
  reach: reachStrings,
  web: webStrings,
} as const;
