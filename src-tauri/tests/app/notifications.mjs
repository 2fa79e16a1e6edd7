// A real notification service on a private desktop: dunst, at a known place of the screen. It notes what it shows, and
// is clicked with the pointer like anything else.

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { call } from './bus.mjs';
import { PANEL_HEIGHT } from './panel.mjs';
import { until } from './waiting.mjs';

const WIDTH = 340;

/** From the right edge and from the top, clear of the panel. */
const OFFSET = { x: 20, y: PANEL_HEIGHT + 20 };

/** What is noted of each, in this order, each ended by a NUL: words may hold anything else. */
const NOTED = ['id', 'app', 'title', 'body', 'urgency', 'icon'];

/** Starts the service and waits until it has its name. */
export async function startNotifications(desktop) {
  const folder = desktop.place('notifications');
  const notes = path.join(folder, 'notes');
  const settings = path.join(folder, 'dunstrc');
  mkdirSync(folder, { recursive: true });
  writeFileSync(settings, dunstrc(noteTaker(folder, notes)));
  desktop.start('dunst', ['-config', settings]);
  await until('the notification service', async () => (await owner(desktop)).includes('true'));
  return new Notifications(desktop, notes);
}

class Notifications {
  #desktop;
  #notes;
  /** How many had been shown when the screen was cleared last. */
  #before = 0;

  constructor(desktop, notes) {
    this.#desktop = desktop;
    this.#notes = notes;
  }

  /** Where one shows: the newest is the topmost. */
  get place() {
    const { width } = this.#desktop.size;
    return { x: width - OFFSET.x - WIDTH, y: OFFSET.y, width: WIDTH };
  }

  /** All that were shown since the screen was cleared last, each time they were. */
  shown() {
    return this.#all().slice(this.#before);
  }

  #all() {
    const noted = existsSync(this.#notes) ? readFileSync(this.#notes, 'utf8').split('\0').slice(0, -1) : [];
    const count = Math.floor(noted.length / NOTED.length);
    const nth = (at) => NOTED.map((name, part) => [name, noted[at * NOTED.length + part]]);
    return Array.from({ length: count }, (_, at) => Object.fromEntries(nth(at)));
  }

  /** Waits until one shows whose title matches. */
  async untilShown(title, within) {
    return until(`a notification ${title}`, () => this.shown().find((one) => title.test(one.title)), within);
  }

  /** How many are on the screen. */
  async displayed() {
    return Number(await this.#desktop.ask('dunstctl', ['count', 'displayed']));
  }

  /** Clicks the topmost, as a person would. */
  async click() {
    await this.#desktop.click(this.place.x + 40, this.place.y + 15);
  }

  /** Takes all off the screen, and forgets them. */
  async clear() {
    await this.#desktop.ask('dunstctl', ['close-all']);
    this.#before = this.#all().length;
  }
}

function owner(desktop) {
  const bus = 'org.freedesktop.DBus';
  return call(desktop, bus, '/org/freedesktop/DBus', `${bus}.NameHasOwner`, 'org.freedesktop.Notifications');
}

/** A program that dunst runs for each notification it shows. */
function noteTaker(folder, notes) {
  const program = path.join(folder, 'note');
  const values = ['$DUNST_ID', '$DUNST_APP_NAME', '$DUNST_SUMMARY', '$DUNST_BODY', '$DUNST_URGENCY', '$DUNST_ICON_PATH'];
  const printed = values.map((value) => `"${value}"`).join(' ');
  writeFileSync(program, `#!/bin/sh\nexec printf '%s\\0' ${printed} >> '${notes}'\n`);
  chmodSync(program, 0o755);
  return program;
}

function dunstrc(program) {
  return `[global]
    monitor = 0
    origin = top-right
    offset = ${OFFSET.x}x${OFFSET.y}
    width = ${WIDTH}
    font = DejaVu Sans 10
    markup = full
    format = "<b>%s</b>\\n%b"
    corner_radius = 6
    frame_width = 1
    frame_color = "#3d4f63"
    show_indicators = no
    mouse_left_click = do_action, close_current
[urgency_low]
    background = "#1e2935"
    foreground = "#e8eef4"
    timeout = 0
[urgency_normal]
    background = "#1e2935"
    foreground = "#e8eef4"
    timeout = 0
[urgency_critical]
    background = "#1e2935"
    foreground = "#ffffff"
    frame_color = "#e0884f"
    timeout = 0
[everything]
    summary = *
    script = ${program}
`;
}
