// The tray item on the session bus, read through gdbus by the public calls that a panel makes.

import { createHash } from 'node:crypto';

import { waitFor } from './wait.mjs';

const ITEM_PATH = '/StatusNotifierItem';
const ITEM_INTERFACE = 'org.kde.StatusNotifierItem';
const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';
const BUS = 'org.freedesktop.DBus';
const BUS_PATH = '/org/freedesktop/DBus';

/** Returns true if a panel that shows tray items is registered. */
export async function isHostRegistered(desktop) {
  const reply = await getProperty(desktop, WATCHER, WATCHER_PATH, WATCHER, 'IsStatusNotifierHostRegistered');
  return reply.includes('true');
}

/** Returns the bus names of the registered tray items. */
export async function registeredItems(desktop) {
  const reply = await getProperty(desktop, WATCHER, WATCHER_PATH, WATCHER, 'RegisteredStatusNotifierItems');
  return [...reply.matchAll(/'([^']+)'/g)].map(([, item]) => item.split('/')[0]);
}

/** Returns true if a program owns this name on the bus. */
export async function hasOwner(desktop, name) {
  return (await callMethod(desktop, BUS, BUS_PATH, `${BUS}.NameHasOwner`, name)).includes('true');
}

/** Waits until a tray item is registered, and returns it. */
export async function waitForTrayItem(desktop) {
  const findItem = async () => (await registeredItems(desktop)).find((name) => name.startsWith(`${ITEM_INTERFACE}-`));
  return new TrayItem(desktop, await waitFor('a tray item on the bus', findItem));
}

class TrayItem {
  #desktop;

  constructor(desktop, name) {
    this.#desktop = desktop;
    this.name = name;
  }

  /** Returns the id of the process that owns the item. */
  async pid() {
    const reply = await callMethod(this.#desktop, BUS, BUS_PATH, `${BUS}.GetConnectionUnixProcessID`, this.name);
    return Number(/uint32 (\d+)/.exec(reply)[1]);
  }

  /** Returns a hash of all properties that determine the icon. */
  async iconHash() {
    const parts = await Promise.all(['IconPixmap', 'IconName', 'OverlayIconPixmap'].map((name) => this.#getOwn(name)));
    return createHash('sha256').update(parts.join('\n')).digest('hex');
  }

  /** Returns the tooltip's title and text, one per line. */
  async tooltip() {
    const reply = await this.#getOwn('ToolTip');
    return [...reply.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)]
      .map(([, single, double]) => single ?? double)
      .filter(Boolean)
      .join('\n');
  }

  /** Returns the text beside the icon, which only some panels show. */
  async label() {
    return /<'(.*)'>/.exec(await this.#getOwn('XAyatanaLabel'))?.[1];
  }

  /** Calls `Activate`, as a panel does on a left click at this position of the screen. */
  async activate(x, y) {
    await callMethod(this.#desktop, this.name, ITEM_PATH, `${ITEM_INTERFACE}.Activate`, String(x), String(y));
  }

  /** Returns the items of the menu from the top, as `{ id, label, isEnabled }`. Separators have no label. */
  async menuItems() {
    const reply = await this.#callMenu('GetLayout', '0', '-1', '[]');
    return [...reply.matchAll(/\((\d+), \{(.*?)\}, (?:\[|@av)/gs)]
      .map(([, id, properties]) => ({
        id: Number(id),
        label: /'label': <(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")>/.exec(properties)?.slice(1).find(Boolean),
        isEnabled: !/'enabled': <false>/.test(properties),
      }))
      .filter(({ label }) => label);
  }

  /** Selects an item of the menu, as a panel does. */
  async selectMenuItem(id) {
    await this.#callMenu('Event', String(id), 'clicked', '<int32 0>', '0');
  }

  async #callMenu(method, ...args) {
    const menu = /'([^']+)'/.exec(await this.#getOwn('Menu'))[1];
    return callMethod(this.#desktop, this.name, menu, `com.canonical.dbusmenu.${method}`, '--', ...args);
  }

  async #getOwn(name) {
    return getProperty(this.#desktop, this.name, ITEM_PATH, ITEM_INTERFACE, name).catch(emptyIfAbsent);
  }
}

function getProperty(desktop, owner, object, interfaceName, name) {
  return callMethod(desktop, owner, object, `${BUS}.Properties.Get`, interfaceName, name);
}

/** Calls a method on the bus, and returns the reply as `gdbus` prints it. */
async function callMethod(desktop, owner, object, method, ...args) {
  const target = ['--session', '--timeout', '10', '--dest', owner, '--object-path', object, '--method', method];
  return desktop.run('gdbus', ['call', ...target, ...args]);
}

/** Returns an empty reply if the item lacks the property. Any other error is thrown again. */
function emptyIfAbsent(error) {
  if (/UnknownProperty|InvalidArgs|No such property/i.test(String(error.stderr ?? error))) return '';
  throw error;
}
