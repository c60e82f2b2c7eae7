import { expect } from '@jest/globals';
import fc from 'fast-check';
import { Metadata, Status, type Transport } from 'tributary';
import { soon, turns, within } from '../stories/harness.js';
import { type Answerer, Caller, endsOf, raw } from './contract-ends.js';

type ClientStep = 'ask' | 'send' | 'turn' | 'half-close' | 'cancel';
type ServerStep = 'ask' | 'send' | 'turn' | 'headers' | 'finish' | 'fail';

/** Half of the lists go on long enough for something to come back. */
const clientSteps = fc.array(
  fc.constantFrom<ClientStep>('ask', 'ask', 'send', 'send', 'turn', 'turn', 'half-close', 'cancel'),
  { maxLength: 25 },
);
const serverSteps = fc.array(
  fc.constantFrom<ServerStep>('ask', 'ask', 'send', 'send', 'turn', 'headers', 'finish', 'fail'),
  { maxLength: 25 },
);

const CALLER_HEARS = /^(headers( |$))?(message \d+( |$))*(status \d+)?$/;
const ANSWERER_HEARS = /^start( message \d+)*( half-close)?( cancel: [a-z ]+)?$/;

/** Whatever the two do, what each is told has its order, its numbers and its end. */
export async function runAnyScript(make: () => Transport): Promise<void> {
  const { client, answerer } = await endsOf(make());
  const property = fc.asyncProperty(clientSteps, serverSteps, async (ofClient, ofServer) => {
    const caller = new Caller(client);
    const at = await answerer();
    const [cancelled, replies] = await Promise.all([
      driveClient(caller, ofClient),
      driveServer(at, ofServer),
    ]);
    if (cancelled) await soon(at.ended, `the server to hear of the cancel: ${at.events}`);
    else {
      caller.readAll();
      at.finish();
      await soon(caller.ended, `the status: ${caller.events}`);
    }
    await turns(2);
    expect(caller.events.join(' ')).toMatch(CALLER_HEARS);
    expect(at.events.join(' ')).toMatch(ANSWERER_HEARS);
    for (const { events } of [caller, at]) {
      const messages = events.filter((event) => event.startsWith('message'));
      expect(messages).toEqual(messages.map((_, n) => `message ${n}`));
    }
    // grpc-js's client drops messages when an error follows them (grpc-node issue 2764).
    if (caller.status?.code === Status.OK) expect(caller.messageCount).toBe(replies);
  });
  await within(50_000, fc.assert(property, { numRuns: 100 }), 'a hundred scripts');
}

/** Whether it has cancelled a call that was open. */
async function driveClient(caller: Caller, steps: readonly ClientStep[]): Promise<boolean> {
  let sent = 0;
  for (const step of steps) {
    if (caller.status !== undefined) return false;
    if (step === 'turn') await turns(1);
    else if (step === 'ask') caller.ask();
    else if (step === 'send') caller.wire.send(raw(sent++), () => {});
    else if (step === 'cancel') {
      caller.wire.cancel(Status.CANCELLED, 'enough');
      return true;
    } else {
      caller.wire.halfClose();
      return false;
    }
  }
  return false;
}

/** How many messages it has sent. */
async function driveServer(at: Answerer, steps: readonly ServerStep[]): Promise<number> {
  let sent = 0;
  let headersSent = false;
  for (const step of steps) {
    if (step === 'turn') await turns(1);
    else if (step === 'ask') at.ask();
    else if (step === 'send') at.wire.send(raw(sent++), () => {});
    else if (step === 'headers') {
      if (!headersSent && sent === 0) at.wire.sendHeaders(new Metadata());
      headersSent = true;
    } else {
      at.finish(step === 'fail' ? Status.ABORTED : Status.OK);
      break;
    }
  }
  return sent;
}
