// The panel of the private desktop: its settings, and where on it a tray icon is shown. The icon is found by comparing
// pixels; nothing is asked of the program that owns it.

import { waitFor } from './wait.mjs';

export const PANEL_HEIGHT = 30;

/**
 * Length in pixels of the clock at the panel's end, which is not compared: its minutes change. On a vertical panel the
 * clock is rotated.
 */
const CLOCK_LENGTH = 40;

/** The settings of xfce4-panel for each edge: orientation and snap position. */
export const EDGES = {
  top: { mode: 0, position: 'p=6;x=0;y=0' },
  bottom: { mode: 0, position: 'p=10;x=0;y=0' },
  left: { mode: 1, position: 'p=5;x=0;y=0' },
  right: { mode: 1, position: 'p=1;x=0;y=0' },
};

/** Returns true if a window is a strip along this edge of the screen, as a panel is. */
export function isAtEdge(edge, { x, y, width, height }, screen, scale) {
  const isThin = (length) => length >= scale * PANEL_HEIGHT && length < 2 * scale * PANEL_HEIGHT;
  const atEdge = {
    top: y === 0 && isThin(height),
    bottom: y + height === screen.height && isThin(height),
    left: x === 0 && isThin(width),
    right: x + width === screen.width && isThin(width),
  };
  return atEdge[edge];
}

/** A panel along the top edge: empty space, tray, clock. */
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

/** Returns the area and the pixels of the panel, given by its window, while it shows no tray icon. */
export async function capturePanel(desktop, { x, y, width, height }) {
  const clock = desktop.scale * CLOCK_LENGTH;
  const isHorizontal = width > height;
  const area = { x, y, width: isHorizontal ? width - clock : width, height: isHorizontal ? height : height - clock };
  let pixels = await desktop.pixels(area);
  const isStable = async () => {
    const now = await desktop.pixels(area);
    const isUnchanged = now.equals(pixels);
    pixels = now;
    return isUnchanged;
  };
  await waitFor('the panel to stop changing', isStable);
  return { area, pixels };
}

/** Waits until an icon is drawn on the panel, and returns its center and its box relative to the panel's area. */
export async function waitForIcon(desktop) {
  const { area, pixels } = desktop.emptyPanel;
  let last;
  const findStableBox = async () => {
    const box = findChangedBox(pixels, await desktop.pixels(area), area.width);
    const isStable = box && last && box.x === last.x && box.width === last.width;
    last = box;
    return isStable && box;
  };
  const box = await waitFor('an icon on the panel', findStableBox);
  const center = [area.x + Math.round(box.x + box.width / 2), area.y + Math.round(box.y + box.height / 2)];
  return { ...box, center };
}

/** Waits until the panel shows no icon. Returns at once on a desktop without a panel. */
export async function waitForEmptyPanel(desktop) {
  if (!desktop.emptyPanel) return;
  const { area, pixels } = desktop.emptyPanel;
  await waitFor('the icon to leave the panel', async () => (await desktop.pixels(area)).equals(pixels));
}

/** Returns the smallest box around all pixels that differ, or undefined if none does. */
function findChangedBox(before, after, rowLength) {
  const [xs, ys] = [[], []];
  for (let offset = 0; offset < before.length; offset += 3) {
    if (before.compare(after, offset, offset + 3, offset, offset + 3) === 0) continue;
    const pixel = offset / 3;
    xs.push(pixel % rowLength);
    ys.push(Math.floor(pixel / rowLength));
  }
  if (xs.length === 0) return undefined;
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}
