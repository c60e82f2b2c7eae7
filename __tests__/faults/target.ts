import { expect } from '@jest/globals';
import { type Client, type ConnectOptions, connect, Server, type ServerOptions } from 'tributary';
import {
  type Handlers,
  plainOptions,
  Stories,
  type StoryStub,
  soon,
  turns,
  whenOver,
  within,
} from '../stories/harness.js';
import { RawConnection } from '../transport/http2/raw-connection.js';
import { HandlerRecord } from './handler-record.js';
import { resources, returnTo } from './resources.js';
import { Proto, targetHandlers } from './target-handlers.js';

/** The transports that have a network for faults to come from. */
export const NETWORKED = ['grpc', 'http2'] as const;
export type NetworkName = (typeof NETWORKED)[number];

/** A server that faults are aimed at. */
export interface Target {
  readonly name: NetworkName;
  readonly server: Server;
  readonly address: string;
  readonly record: HandlerRecord;
  readonly errors: unknown[];
  /** A bare connection of HTTP/2. */
  open(settings?: Uint8Array): Promise<RawConnection>;
  /** A client of its own, which shares no connection. */
  connect(address?: string, options?: ConnectOptions): Client;
  /** Closes something when the fault is over, before the server is looked at. */
  over(close: () => unknown): void;
  /**
   * For when the fault is over: another connection is served, all handlers have ended, there are no more
   * sockets and timers than before, and the server drains, so that no stream can be open.
   *
   * @param isLast - the server is closed already, and the canary cannot sing
   */
  isWell(isLast?: boolean): Promise<void>;
}

/** A server over this transport, with a canary that is connected to it. */
export async function aim(
  name: NetworkName,
  options: ServerOptions = {},
  more: Handlers = {},
): Promise<Target> {
  const errors: unknown[] = [];
  const record = new HandlerRecord();
  const server = new Server({
    ...plainOptions(name),
    ...options,
    onError: (error) => void errors.push(error),
  });
  server.add(Stories, { ...targetHandlers(record), ...more } as never);
  server.add(Proto, { unary: (request) => record.once(request) });
  whenOver(() => server.close({ grace: 0 }));
  const { address } = await server.listen('127.0.0.1:0');
  const canary = connectTo(name, address);
  await sings(canary.stub(Stories));
  const before = resources();
  const closers: (() => unknown)[] = [];
  const over = (close: () => unknown): void => {
    closers.push(close);
    whenOver(close);
  };
  return {
    name,
    server,
    address,
    record,
    errors,
    over,
    async open(settings) {
      const raw = await RawConnection.open(address, settings);
      over(() => raw.socket.destroy());
      return raw;
    },
    connect(to = address, more = {}) {
      const client = connectTo(name, to, more);
      over(() => client.close());
      return client;
    },
    async isWell(isLast = false) {
      if (!isLast) await sings(canary.stub(Stories));
      for (const close of closers.reverse()) await close();
      await soon(haveEnded(record), 'all handlers to end');
      if (!isLast) await sings(canary.stub(Stories));
      await returnTo(before);
      await canary.close();
      await within(15_000, server.close({ grace: 60_000 }), 'the server to drain');
    },
  };
}

/** A client of this address, over this transport, which is quick to connect again. */
export function connectTo(
  name: NetworkName,
  address: string,
  options: ConnectOptions = {},
): Client {
  const quick = { ownConnections: true, reconnectBackoff: { initial: 20 } };
  const client = connect(address, { ...plainOptions(name), ...quick, ...options });
  whenOver(() => client.close());
  return client;
}

async function sings(canary: StoryStub): Promise<void> {
  expect(await soon(canary.unary({ n: 7, text: 'canary' }), 'the canary')).toMatchObject({ n: 7 });
}

async function haveEnded(record: HandlerRecord): Promise<void> {
  while (record.running > 0) await turns(1);
  await turns();
}
