// A minimal X client over the server's socket. Takes pictures of the screen faster than any program that has to be
// started for each.

import { createConnection } from 'node:net';
import { once } from 'node:events';

const CHANGE_WINDOW_ATTRIBUTES = 2;
const CLEAR_AREA = 61;
const GET_SELECTION_OWNER = 23;
const INTERN_ATOM = 16;
const GET_IMAGE = 73;
const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;
const REPLY = 1;
const BACKGROUND_PIXEL = 2;

/** Connects to a display such as `:99`, whose server accepts every local client. */
export async function connectToDisplay(display) {
  const socket = createConnection(`/tmp/.X11-unix/X${display.replace(/^:/, '')}`);
  await once(socket, 'connect');
  const client = new XClient(socket);
  await client.setUp();
  return client;
}

class XClient {
  #socket;
  #received = [];
  #length = 0;
  #waiting = null;
  #root = 0;

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#received.push(chunk);
      this.#length += chunk.length;
      if (this.#waiting && this.#length >= this.#waiting.bytes) this.#waiting.resolve();
    });
  }

  async setUp() {
    const hello = Buffer.alloc(12);
    hello.write('l');
    hello.writeUInt16LE(11, 2);
    this.#socket.write(hello);
    const head = await this.#read(8);
    const body = await this.#read(4 * head.readUInt16LE(6));
    if (head[0] !== 1) throw new Error(`the X server refused the connection: ${body.toString()}`);
    const vendor = Math.ceil(body.readUInt16LE(16) / 4) * 4;
    this.#root = body.readUInt32LE(32 + vendor + 8 * body[21]);
  }

  /** Returns true if a program owns a selection. */
  async hasSelectionOwner(name) {
    const padded = Math.ceil(name.length / 4) * 4;
    const intern = Buffer.alloc(8 + padded);
    intern[0] = INTERN_ATOM;
    intern.writeUInt16LE(intern.length / 4, 2);
    intern.writeUInt16LE(name.length, 4);
    intern.write(name, 8);
    const atom = (await this.#request(intern)).head.readUInt32LE(8);
    const owner = Buffer.alloc(8);
    owner[0] = GET_SELECTION_OWNER;
    owner.writeUInt16LE(2, 2);
    owner.writeUInt32LE(atom, 4);
    return (await this.#request(owner)).head.readUInt32LE(8) !== 0;
  }

  /** Returns the pixels of an area of the screen, row by row: blue, green, red and an unused byte. */
  async readPixels({ x, y, width, height }) {
    const request = Buffer.alloc(20);
    request[0] = GET_IMAGE;
    request[1] = Z_PIXMAP;
    request.writeUInt16LE(5, 2);
    request.writeUInt32LE(this.#root, 4);
    request.writeInt16LE(x, 8);
    request.writeInt16LE(y, 10);
    request.writeUInt16LE(width, 12);
    request.writeUInt16LE(height, 14);
    request.writeUInt32LE(ALL_PLANES, 16);
    return (await this.#request(request)).body;
  }

  /** Paints the screen behind all windows in a color, given as a number `0xrrggbb`. */
  fillRoot(color) {
    const change = Buffer.alloc(16);
    change[0] = CHANGE_WINDOW_ATTRIBUTES;
    change.writeUInt16LE(4, 2);
    change.writeUInt32LE(this.#root, 4);
    change.writeUInt32LE(BACKGROUND_PIXEL, 8);
    change.writeUInt32LE(color, 12);
    const clear = Buffer.alloc(16);
    clear[0] = CLEAR_AREA;
    clear.writeUInt16LE(4, 2);
    clear.writeUInt32LE(this.#root, 4);
    this.#socket.write(Buffer.concat([change, clear]));
  }

  close() {
    this.#socket.destroy();
  }

  async #request(bytes) {
    this.#socket.write(bytes);
    const head = await this.#read(32);
    if (head[0] !== REPLY) throw new Error(`the X server answered a request with ${head[0]}, code ${head[1]}`);
    return { head, body: await this.#read(4 * head.readUInt32LE(4)) };
  }

  async #read(bytes) {
    if (this.#length < bytes) {
      await new Promise((resolve) => (this.#waiting = { bytes, resolve }));
      this.#waiting = null;
    }
    const all = this.#received.length === 1 ? this.#received[0] : Buffer.concat(this.#received);
    this.#received = all.length > bytes ? [all.subarray(bytes)] : [];
    this.#length = all.length - bytes;
    return all.subarray(0, bytes);
  }
}
