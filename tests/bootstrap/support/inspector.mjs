// A client of Node's inspector: just enough of the WebSocket protocol for it.
import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';

export class InspectorClient extends EventEmitter {
  #socket;
  #data = Buffer.alloc(0);
  #next = 1;

  /** @param {string} url - ws://host:port/id */
  async connect(url) {
    const { hostname, port, pathname } = new URL(url);
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': 13,
      'sec-websocket-key': randomBytes(16).toString('base64'),
    };
    const [, socket] = await once(request({ hostname, port, path: pathname, headers }).end(), 'upgrade');
    this.#socket = socket.on('data', (piece) => this.#received(piece)).on('error', () => {});
  }

  send(method, params = {}) {
    const payload = Buffer.from(JSON.stringify({ id: this.#next++, method, params }));
    const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
    this.#socket.write(Buffer.concat([head, payload]));
  }

  /** Says good-bye and waits for the answer, as debuggers do: node may crash when it writes to a client that has gone. */
  close() {
    this.#socket.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
  }

  #received(piece) {
    this.#data = Buffer.concat([this.#data, piece]);
    for (;;) {
      if (this.#data.length < 2) return;
      if ((this.#data[0] & 15) === 8) {
        this.#socket.end();
        return;
      }
      const size = this.#data[1] & 127;
      const from = size === 126 ? 4 : size === 127 ? 10 : 2;
      // The head may come in pieces, too.
      if (this.#data.length < from) return;
      const length =
        size === 126 ? this.#data.readUInt16BE(2) : size === 127 ? Number(this.#data.readBigUInt64BE(2)) : size;
      if (this.#data.length < from + length) return;
      const text = this.#data.subarray(from, from + length).toString();
      this.#data = this.#data.subarray(from + length);
      const message = JSON.parse(text);
      if (message.method) this.emit(message.method, message.params);
    }
  }
}
