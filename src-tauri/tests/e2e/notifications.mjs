// A notification service on a private desktop: dunst, at a fixed position of the screen. It records what it shows, and is
// clicked with the pointer.

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { hasOwner } from './dbus.mjs';
import { PANEL_HEIGHT } from './panel.mjs';
import { waitFor } from './wait.mjs';

const WIDTH = 340;

/** Distance from the right edge and from the top, below the panel. */
const OFFSET = { x: 20, y: PANEL_HEIGHT + 20 };

/** The recorded fields of a notification, in this order. Each ends with a NUL, which no text can contain. */
const FIELDS = ['id', 'app', 'title', 'body', 'urgency', 'icon'];

/** Starts the service and waits until it owns its bus name. */
export async function startNotifications(desktop) {
  const folder = desktop.pathTo('notifications');
  const record = path.join(folder, 'record');
  const settings = path.join(folder, 'dunstrc');
  mkdirSync(folder, { recursive: true });
  writeFileSync(settings, dunstSettings(writeRecorder(folder, record), desktop.scale));
  desktop.start('dunst', ['-config', settings]);
  await waitFor('the notification service', () => hasOwner(desktop, 'org.freedesktop.Notifications'));
  return new Notifications(desktop, record);
}

class Notifications {
  #desktop;
  #record;
  /** The number of notifications recorded before the last `closeAll`. */
  #skipped = 0;

  constructor(desktop, record) {
    this.#desktop = desktop;
    this.#record = record;
  }

  /** The position and width of the topmost notification, which is the newest. */
  get area() {
    const { size, scale } = this.#desktop;
    return { x: size.width - scale * (OFFSET.x + WIDTH), y: scale * OFFSET.y, width: scale * WIDTH };
  }

  /** Returns the notifications shown since the last `closeAll`, in order. One that is shown twice is listed twice. */
  shown() {
    return this.#readAll().slice(this.#skipped);
  }

  #readAll() {
    const values = existsSync(this.#record) ? readFileSync(this.#record, 'utf8').split('\0').slice(0, -1) : [];
    const count = Math.floor(values.length / FIELDS.length);
    const entriesOf = (index) => FIELDS.map((name, field) => [name, values[index * FIELDS.length + field]]);
    return Array.from({ length: count }, (_, index) => Object.fromEntries(entriesOf(index)));
  }

  /** Waits until a notification is shown whose title matches, and returns it. */
  async waitFor(title, timeoutMs) {
    return waitFor(`a notification ${title}`, () => this.shown().find((shown) => title.test(shown.title)), timeoutMs);
  }

  /** Clicks the topmost notification. */
  async click() {
    await this.#desktop.click(this.area.x + 40, this.area.y + 15);
  }

  /** Closes all notifications, and starts the list of `shown` again. */
  async closeAll() {
    await this.#desktop.run('dunstctl', ['close-all']);
    this.#skipped = this.#readAll().length;
  }
}

/** Writes a program that dunst runs for each notification it shows. */
function writeRecorder(folder, record) {
  const program = path.join(folder, 'record-notification');
  const values = ['$DUNST_ID', '$DUNST_APP_NAME', '$DUNST_SUMMARY', '$DUNST_BODY', '$DUNST_URGENCY', '$DUNST_ICON_PATH'];
  const quoted = values.map((value) => `"${value}"`).join(' ');
  writeFileSync(program, `#!/bin/sh\nexec printf '%s\\0' ${quoted} >> '${record}'\n`);
  chmodSync(program, 0o755);
  return program;
}

function dunstSettings(program, scale) {
  return `[global]
    monitor = 0
    scale = ${scale}
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
