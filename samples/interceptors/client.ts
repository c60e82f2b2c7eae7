import {
  bearerAuth,
  type CallLog,
  type Client,
  connect,
  EOF,
  findDetail,
  logging,
  RpcError,
} from 'tributary';
import type { Say } from '../say.js';
import { Oracle } from './service.js';

export async function run(client: Client, say: Say) {
  say('#', 'Without a token the stream is refused before the handler begins');
  const stranger = client.stub(Oracle).ask();
  const refusal = await failure(stranger.read());
  say('✗', refusal.message);

  say('#', 'With a token: an interceptor of the stub sends it with every call, another one logs');
  const log: string[] = [];
  const stub = client.stub(Oracle, {
    interceptors: [
      logging({ messages: true, log: (entry) => log.push(describe(entry)) }),
      bearerAuth('tok-of-ada'),
    ],
  });
  await using stream = stub.ask();
  const answers: string[] = [];
  for (const question of ['Will it rain?', 'Will it snow then?']) {
    await stream.write({ question });
    say('→', question);
    const reply = await stream.read();
    if (reply === EOF) break;
    answers.push(reply.answer);
    say('←', reply.answer);
  }
  await stream.doneWriting();
  const { trailers } = await stream.status();
  const [duration] = trailers.get('x-duration');
  say('·', `the server has timed it: ${duration}`);
  say('·', `the client has logged it: ${log.join()}`);

  say('#', 'A question that is none ends the call, with what is wrong in its details');
  const invalid = await failure(stub.ask([{ question: 'Rain.' }]).read());
  const [violation] = findDetail(invalid, 'BadRequest')?.fieldViolations ?? [];
  say('✗', `${violation?.field} ${violation?.description}`);
  return { refusal, answers, duration, log, violation };
}

function describe({ path, code, requests, replies }: CallLog): string {
  return `${path} ended with ${code} after ${requests} requests and ${replies} replies`;
}

/** The error that the promise rejects with. */
async function failure(promise: Promise<unknown>): Promise<RpcError> {
  const error: unknown = await promise.then(
    () => new Error('it should have failed'),
    (thrown: unknown) => thrown,
  );
  if (!RpcError.is(error)) throw error;
  return error;
}

// tsx samples/interceptors/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
