import { createServer, type Server as NetServer, type Socket } from 'node:net';
import { connect, grpc, http2, RpcError } from 'tributary';
import { Stories, turns, within } from '../stories/harness.js';
import { framesOf, toBytes } from './frames.js';
import { mutate } from './mutate.js';
import { Random } from './random.js';
import { type FuzzedTransport, makeCalls, type Recording } from './recording.js';

/** Milliseconds in which every call must be over, whatever its server says; it has a timeout of 2 s. */
const LIMIT = 5_000;

/** Lets a client of ours call a server that answers with what input `seed` is; what was wrong. */
export async function attackClient(
  transport: FuzzedTransport,
  recordings: readonly Recording[],
  seed: number,
): Promise<string[]> {
  const random = new Random(seed);
  const all = recordings.map(({ replies }) => replies);
  const recorded = random.pick(all);
  const answer = { bytes: mutate(recorded, all, random), greets: random.chance(0.8) };
  const greeting = toBytes(framesOf(recorded).slice(0, 2));
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    void misbehave(socket, answer.greets ? greeting : undefined, answer.bytes);
  });
  const address = await listening(server);
  const faults = await callAndClose(transport, address);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  return faults;
}

async function callAndClose(transport: FuzzedTransport, address: string): Promise<string[]> {
  const faults: string[] = [];
  const client = connect(address, {
    transport: transport === 'grpc' ? grpc() : http2(),
    ownConnections: true,
  });
  let ends = 0;
  const calls = makeCalls(client.stub(Stories), () => {
    ends += 1;
  });
  const outcomes = Promise.allSettled(calls);
  try {
    for (const outcome of await within(LIMIT, outcomes, 'the calls to end')) {
      if (outcome.status === 'fulfilled' || RpcError.is(outcome.reason)) continue;
      faults.push(`a call failed with ${String(outcome.reason)}`);
    }
    if (ends !== calls.length) faults.push(`${calls.length} calls were told ${ends} ends`);
    await within(LIMIT, client.close(), 'the client to close');
  } catch (error) {
    faults.push(String(error));
  }
  return faults;
}

/** Waits for the calls, says its part and goes away. */
async function misbehave(
  socket: Socket,
  greeting: Buffer | undefined,
  bytes: Buffer,
): Promise<void> {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  if (greeting !== undefined) socket.write(greeting);
  const allCalls = (): boolean => framesOf(received).filter(({ type }) => type === 1).length >= 5;
  for (let i = 0; i < 30 && !allCalls() && !socket.destroyed; i += 1) await turns(1);
  if (socket.destroyed) return;
  socket.write(bytes);
  await turns(12);
  socket.destroy();
}

async function listening(server: NetServer): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}
