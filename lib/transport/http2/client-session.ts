import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { ignore } from '../../base/deferred.js';
import type { CallCarrier } from './call-queue.js';
import { CONNECTION_WINDOW, STREAM_WINDOW } from './windows.js';

/** A connection to a server. */
export class ClientSession implements CallCarrier {
  readonly peer: string;
  readonly #session: ClientHttp2Session;
  #error: Error | undefined;

  constructor(host: string, port: number, onReady: () => void, onClose: () => void) {
    this.peer = `${host}:${port}`;
    this.#session = connect(`http://${this.peer}`, {
      createConnection: () => connectSocket({ host, port, noDelay: true }),
      settings: { initialWindowSize: STREAM_WINDOW, enablePush: false },
    });
    this.#session.once('remoteSettings', () => {
      this.#session.setLocalWindowSize(CONNECTION_WINDOW);
      onReady();
    });
    this.#session.on('error', (error: Error) => {
      this.#error = error;
    });
    this.#session.once('close', onClose);
  }

  get lossReason(): string | undefined {
    if (!this.#session.destroyed) return undefined;
    return this.#error?.message ?? 'the connection was lost';
  }

  open(headers: OutgoingHttpHeaders, signal: AbortSignal): ClientHttp2Stream {
    return this.#session.request(headers, { endStream: false, signal });
  }

  isUnprocessed(_stream: ClientHttp2Stream): boolean {
    return false;
  }

  destroy(): void {
    this.#session.destroy();
  }
}
void ignore;
