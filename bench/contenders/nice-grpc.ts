import { createChannel, createClient, createServer } from 'nice-grpc';
import type { Caller } from '../contender.js';
import { METHODS } from './grpc-methods.js';
import { IteratorCaller } from './iterator-caller.js';
import { HANDLERS } from './iterator-handlers.js';

export async function serve(): Promise<{ port: number; close(): void }> {
  const server = createServer();
  server.add(METHODS, HANDLERS);
  const port = await server.listen('127.0.0.1:0');
  return { port, close: () => server.forceShutdown() };
}

export function connect(port: number): Caller {
  const channel = createChannel(`127.0.0.1:${port}`);
  return new IteratorCaller(createClient(METHODS, channel), () => channel.close());
}
