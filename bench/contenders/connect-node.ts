import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type ConnectRouter, createClient, type ServiceImpl } from '@connectrpc/connect';
import {
  connectNodeAdapter,
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import type { Caller } from '../contender.js';
import { Bench } from './connect-service.js';
import { IteratorCaller, type IteratorClient } from './iterator-caller.js';
import { HANDLERS } from './iterator-handlers.js';

/** Megabytes: Node's 10 are too few for 10,000 streams. */
const MEMORY = { maxSessionMemory: 1_000 };

// It compresses larger messages of its own accord: the others do not.
const UNCOMPRESSED = { acceptCompression: [] };

export async function serve(): Promise<{ port: number; close(): void }> {
  const routes = (router: ConnectRouter): unknown =>
    router.service(Bench, HANDLERS as unknown as Partial<ServiceImpl<typeof Bench>>);
  const server = createServer(MEMORY, connectNodeAdapter({ routes, ...UNCOMPRESSED }));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

export function connect(port: number): Caller {
  const baseUrl = `http://127.0.0.1:${port}`;
  const sessionManager = new Http2SessionManager(baseUrl, undefined, MEMORY);
  const transport = createGrpcTransport({ baseUrl, sessionManager, ...UNCOMPRESSED });
  // Descriptors made at run time have no types.
  const client = createClient(Bench, transport) as unknown as IteratorClient;
  return new IteratorCaller(client, () => sessionManager.abort());
}
