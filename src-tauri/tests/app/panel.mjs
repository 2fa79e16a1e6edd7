// The real panel of the private desktop: how it is set up, and where on it an icon has appeared. It looks at pixels
// only, the way a person does, and asks nothing of the program the icon belongs to.

import { until } from './waiting.mjs';

export const PANEL_HEIGHT = 30;

/** As long as the clock at the end; its minutes would look like a change. On a panel that stands, it is turned. */
const CLOCK_LENGTH = 40;

/** How xfce4-panel spells the edges: which way it lies, and the place it snaps to. */
export const EDGES = {
  top: { mode: 0, position: 'p=6;x=0;y=0' },
  bottom: { mode: 0, position: 'p=10;x=0;y=0' },
  left: { mode: 1, position: 'p=5;x=0;y=0' },
  right: { mode: 1, position: 'p=1;x=0;y=0' },
};

/** Whether a window lies along an edge of the screen, as a panel does. */
export function liesAlong(edge, { x, y, width, height }, screen, scale) {
  const isThin = (length) => length >= scale * PANEL_HEIGHT && length < 2 * scale * PANEL_HEIGHT;
  const lies = {
    top: y === 0 && isThin(height),
    bottom: y + height === screen.height && isThin(height),
    left: x === 0 && isThin(width),
    right: x + width === screen.width && isThin(width),
  };
  return lies[edge];
}

/** A line across the top: empty space, tray, clock. */
export const PANEL_SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="${EDGES.top.position}"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="${PANEL_HEIGHT}"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
        <value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="menu-is-primary" type="bool" value="false"/>
    </property>
    <property name="plugin-3" type="string" value="clock">
      <property name="mode" type="uint" value="2"/>
      <property name="digital-layout" type="uint" value="3"/>
      <property name="digital-time-format" type="string" value="%H:%M"/>
    </property>
  </property>
</channel>
`;

/** Takes note of the panel, this window, while no icon is on it. */
export async function lookAtPanel(desktop, { x, y, width, height }) {
  const clock = desktop.scale * CLOCK_LENGTH;
  const lies = width > height;
  const part = { x, y, width: lies ? width - clock : width, height: lies ? height : height - clock };
  const look = () => desktop.pixels(part);
  let last = await look();
  const isStill = async () => {
    const now = await look();
    const same = now.equals(last);
    last = now;
    return same;
  };
  await until('the panel to stand still', isStill);
  return { part, pixels: last };
}

/** Waits until something is drawn on the panel that is not there when it is bare; returns its centre and size. */
export async function untilIconShows(desktop) {
  const { part, pixels } = desktop.barePanel;
  const look = async () => changedBox(pixels, await desktop.pixels(part), part.width);
  let last;
  const settled = async () => {
    const now = await look();
    const same = now && last && now.x === last.x && now.width === last.width;
    last = now;
    return same && now;
  };
  const box = await until('an icon on the panel', settled);
  const centre = [part.x + Math.round(box.x + box.width / 2), part.y + Math.round(box.y + box.height / 2)];
  return { ...box, centre };
}

/** Waits until no icon is on the panel, where there is one. */
export async function untilPanelIsBare(desktop) {
  if (!desktop.barePanel) return;
  const { part, pixels } = desktop.barePanel;
  await until('the icon to leave the panel', async () => (await desktop.pixels(part)).equals(pixels));
}

/** The smallest box around all pixels that differ, or nothing where none does. */
function changedBox(before, after, rowLength) {
  const [xs, ys] = [[], []];
  for (let at = 0; at < before.length; at += 3) {
    if (before.compare(after, at, at + 3, at, at + 3) === 0) continue;
    const pixel = at / 3;
    xs.push(pixel % rowLength);
    ys.push(Math.floor(pixel / rowLength));
  }
  if (xs.length === 0) return undefined;
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}
