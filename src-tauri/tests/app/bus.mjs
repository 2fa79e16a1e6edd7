// The tray item as the session bus shows it, asked through gdbus: the same calls a panel makes, nothing private.

import { createHash } from 'node:crypto';

import { until } from './waiting.mjs';

const ITEM_PATH = '/StatusNotifierItem';
const ITEM = 'org.kde.StatusNotifierItem';
const WATCHER = 'org.kde.StatusNotifierWatcher';

/** Whether a panel is there that shows tray items. */
export async function isHostRegistered(desktop) {
  const answer = await property(desktop, WATCHER, '/StatusNotifierWatcher', WATCHER, 'IsStatusNotifierHostRegistered');
  return answer.includes('true');
}

/** The bus names of the tray items a panel has taken in. */
export async function registeredItems(desktop) {
  const answer = await property(desktop, WATCHER, '/StatusNotifierWatcher', WATCHER, 'RegisteredStatusNotifierItems');
  return [...answer.matchAll(/'([^']+)'/g)].map(([, item]) => item.split('/')[0]);
}

/** Waits for our tray item to be taken in by the panel, and returns it. */
export async function untilItem(desktop) {
  const find = async () => (await registeredItems(desktop)).find((name) => name.startsWith(`${ITEM}-`));
  return new TrayItem(desktop, await until('a tray item on the bus', find));
}

class TrayItem {
  #desktop;

  constructor(desktop, name) {
    this.#desktop = desktop;
    this.name = name;
  }

  /** The process that owns the item. */
  async pid() {
    const method = 'org.freedesktop.DBus.GetConnectionUnixProcessID';
    const answer = await call(this.#desktop, 'org.freedesktop.DBus', '/org/freedesktop/DBus', method, this.name);
    return Number(/uint32 (\d+)/.exec(answer)[1]);
  }

  /** A fingerprint of everything that decides what picture is drawn. */
  async picture() {
    const parts = await Promise.all(['IconPixmap', 'IconName', 'OverlayIconPixmap'].map((name) => this.#get(name)));
    return createHash('sha256').update(parts.join('\n')).digest('hex');
  }

  /** The words shown when the pointer rests on the icon. */
  async tooltip() {
    const answer = await this.#get('ToolTip');
    return [...answer.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)]
      .map(([, single, double]) => single ?? double)
      .filter(Boolean)
      .join('\n');
  }

  /** The text beside the icon, on panels that have room for one. */
  async label() {
    return /<'(.*)'>/.exec(await this.#get('XAyatanaLabel'))?.[1];
  }

  /** What the panel does on a left click at this place of the screen. */
  async activate(x, y) {
    await call(this.#desktop, this.name, ITEM_PATH, `${ITEM}.Activate`, String(x), String(y));
  }

  async #get(name) {
    return property(this.#desktop, this.name, ITEM_PATH, ITEM, name).catch(emptyWhereAbsent);
  }
}

function property(desktop, owner, object, face, name) {
  return call(desktop, owner, object, 'org.freedesktop.DBus.Properties.Get', face, name);
}

/** Calls a method of the bus; the answer as `gdbus` prints it. */
export async function call(desktop, owner, object, method, ...args) {
  const target = ['--session', '--timeout', '10', '--dest', owner, '--object-path', object, '--method', method];
  return desktop.ask('gdbus', ['call', ...target, ...args]);
}

/** An item need not have every property; a bus that is gone is still an error. */
function emptyWhereAbsent(error) {
  if (/UnknownProperty|InvalidArgs|No such property/i.test(String(error.stderr ?? error))) return '';
  throw error;
}
