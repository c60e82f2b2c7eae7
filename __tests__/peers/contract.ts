import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Deferred } from '../../lib/base/deferred.js';
import {
  type Answerer,
  type Headers,
  type Incoming,
  type Method,
  type Note,
  type Outcome,
  type Outgoing,
  only,
  type Peer,
  Refusal,
  type RunningClient,
  type RunningServer,
  streamsRequests,
} from './peer.js';

const OK = 0;
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const FAILED_PRECONDITION = 9;
const UNIMPLEMENTED = 12;

const KINDS = ['unary', 'serverStream', 'clientStream', 'bidiStream'] as const;

/** Notes with a value at its limits in every field, the empty note among them. */
const NOTES: readonly Note[] = [
  note({ text: 'plain', number: 1, big: 1n, blob: bytes(1), words: ['a'] }),
  note({}),
  note({ text: '☺ 😈\r\n\t"%"', number: -(2 ** 31), big: -(2n ** 63n), words: ['', 'b', ''] }),
  note({ number: 2 ** 31 - 1, big: 2n ** 63n - 1n, blob: bytes(300) }),
  note({ text: 'x'.repeat(20_000) }),
];

const REQUEST_HEADERS: Headers = { 'x-ask': 'what, why', 'x-ask-bin': bytes(70) };
const RESPONSE_HEADERS: Headers = { 'x-head': 'on top', 'x-head-bin': bytes(3) };
const TRAILERS: Headers = { 'x-tail': 'at the end', 'x-tail-bin': bytes(257) };

/** The same calls over every pair of client and server: what must come out wherever gRPC is spoken. */
export function interopContract(client: Peer, server: Peer): void {
  describe(`${client.name}'s client, ${server.name}'s server`, () => {
    let running: RunningServer;
    let caller: RunningClient;
    let answer: Answerer;

    beforeAll(async () => {
      running = await server.serve((incoming) => answer(incoming));
      caller = client.connect(running.port);
    });
    afterAll(async () => {
      await caller.close();
      await running.close();
    });

    /** Makes a call to a server that answers in this way. */
    function call(outgoing: Outgoing, answerer: Answerer): Promise<Outcome> {
      answer = answerer;
      return caller.call(outgoing);
    }

    describe.each(KINDS)('%s', (method) => {
      test('carries messages in order and exactly', async () => {
        const asks = asksFor(method, NOTES);
        const { answers, code } = await call({ method, asks }, answersFor(method));
        expect(code).toBe(OK);
        expect(answers).toEqual(expectedAnswers(method, asks));
      });

      test('carries headers and trailers, text and binary', async () => {
        let came: Headers = {};
        const outcome = await call(
          { method, asks: asksFor(method, NOTES), headers: REQUEST_HEADERS },
          async function* (incoming) {
            came = incoming.headers;
            incoming.setHeaders(RESPONSE_HEADERS);
            incoming.setTrailers(TRAILERS);
            yield* answersFor(method)(incoming);
          },
        );
        expect(outcome.code).toBe(OK);
        expect(came).toMatchObject(REQUEST_HEADERS);
        expect(outcome.headers).toMatchObject(RESPONSE_HEADERS);
        expect(outcome.trailers).toMatchObject(TRAILERS);
      });

      test('carries an error with its details and trailers', async () => {
        const details = 'not 100% "done" (☺ and 😈)';
        const outcome = await call(
          { method, asks: asksFor(method, NOTES) },
          async function* (incoming) {
            for await (const _ of incoming.asks);
            incoming.setTrailers(TRAILERS);
            yield* [];
            throw new Refusal(FAILED_PRECONDITION, details);
          },
        );
        expect(outcome).toMatchObject({ answers: [], code: FAILED_PRECONDITION, details });
        expect(outcome.trailers).toMatchObject(TRAILERS);
      });

      test('tells the server of a cancel', async () => {
        const controller = new AbortController();
        const cancelled = new Deferred<Incoming>();
        const outcome = await call(
          { method, asks: endless(controller.signal), signal: controller.signal },
          async function* (incoming) {
            await first(incoming.asks);
            controller.abort();
            await abortOf(incoming.signal);
            cancelled.resolve(incoming);
            yield note({ text: 'too late' });
          },
        );
        expect(outcome).toMatchObject({ answers: [], code: CANCELLED });
        await cancelled.promise;
      });

      test('ends at the deadline on both sides', async () => {
        const ended = new Deferred<Incoming>();
        const over = new AbortController();
        const outcome = await call(
          { method, asks: endless(over.signal), timeout: 200 },
          async function* (incoming) {
            await abortOf(incoming.signal);
            ended.resolve(incoming);
            yield note({ text: 'too late' });
          },
        );
        expect(outcome).toMatchObject({ answers: [], code: DEADLINE_EXCEEDED });
        const { timeLeft } = await ended.promise;
        over.abort();
        if (!client.sendsDeadlines || !server.tellsDeadlines) return;
        expect(timeLeft).toBeGreaterThan(0);
        // The C core rounds a timeout up.
        expect(timeLeft).toBeLessThanOrEqual(205);
      });
    });

    describe.each(['serverStream', 'bidiStream'] as const)('%s', (method) => {
      test('delivers the answers before an error', async () => {
        const outcome = await call({ method, asks: [note({})] }, async function* (incoming) {
          await first(incoming.asks);
          yield* NOTES;
          throw new Refusal(FAILED_PRECONDITION, 'enough');
        });
        expect(outcome).toMatchObject({ code: FAILED_PRECONDITION, details: 'enough' });
        // https://github.com/grpc/grpc-node/issues/2764
        const mayLose = client.dropsBeforeErrors && server.compressesReplies;
        const due = mayLose ? NOTES.slice(0, outcome.answers.length) : NOTES;
        expect(outcome.answers).toEqual(due);
      });

      test('is cancelled between two answers', async () => {
        const controller = new AbortController();
        const cancelled = new Deferred<void>();
        const outcome = await call(
          {
            method,
            asks: endless(controller.signal),
            signal: controller.signal,
            onAnswer: () => controller.abort(),
          },
          async function* (incoming) {
            yield note({ text: 'the only one' });
            await abortOf(incoming.signal);
            cancelled.resolve();
          },
        );
        expect(outcome.code).toBe(CANCELLED);
        expect(outcome.answers).toEqual([note({ text: 'the only one' })]);
        await cancelled.promise;
      });

      test('may have no answers at all', async () => {
        const outcome = await call({ method, asks: [note({})] }, async function* (incoming) {
          for await (const _ of incoming.asks);
          yield* [];
        });
        expect(outcome).toMatchObject({ code: OK, answers: [] });
      });

      test('carries a thousand answers', async () => {
        const outcome = await call({ method, asks: [note({})] }, async function* () {
          for (let number = 0; number < 1000; number += 1) yield note({ number });
        });
        expect(outcome.code).toBe(OK);
        expect(outcome.answers.map(({ number }) => number)).toEqual(upTo(1000));
      });
    });

    describe.each(['clientStream', 'bidiStream'] as const)('%s', (method) => {
      test('may have no requests at all', async () => {
        const outcome = await call({ method, asks: [] }, async function* (incoming) {
          let number = 0;
          for await (const _ of incoming.asks) number += 1;
          yield note({ text: 'requests', number });
        });
        expect(outcome.code).toBe(OK);
        expect(outcome.answers).toEqual([note({ text: 'requests', number: 0 })]);
      });

      test('carries a thousand requests', async () => {
        const came: number[] = [];
        const outcome = await call(
          { method, asks: upTo(1000).map((number) => note({ number })) },
          async function* (incoming) {
            for await (const { number } of incoming.asks) came.push(number);
            yield note({ text: 'done' });
          },
        );
        expect(outcome.code).toBe(OK);
        expect(came).toEqual(upTo(1000));
      });

      test('can be answered before the requests end', async () => {
        const answered = new AbortController();
        const outcome = await call(
          { method, asks: endless(answered.signal), onAnswer: () => answered.abort() },
          async function* (incoming) {
            yield await first(incoming.asks);
          },
        );
        expect(outcome.code).toBe(OK);
        expect(outcome.answers).toEqual([note({ text: 'endless' })]);
      });
    });

    test('carries error details as google.rpc.Status', async () => {
      const details = 'two wheels too many';
      const rich: Headers = { 'grpc-status-details-bin': rpcStatus(FAILED_PRECONDITION, details) };
      const outcome = await call({ method: 'unary', asks: [note({})] }, async function* (incoming) {
        incoming.setTrailers(rich);
        yield* [];
        throw new Refusal(FAILED_PRECONDITION, details);
      });
      expect(outcome).toMatchObject({ code: FAILED_PRECONDITION, details });
      expect(outcome.trailers).toMatchObject(rich);
    });

    test('bidiStream goes in lockstep', async () => {
      const came: string[] = [];
      let answered = new Deferred<void>();
      const outcome = await call(
        {
          method: 'bidiStream',
          asks: (async function* () {
            for (const text of ['one', 'two', 'three']) {
              answered = new Deferred<void>();
              yield note({ text });
              await answered.promise;
            }
          })(),
          onAnswer({ text }) {
            came.push(`answer ${text}`);
            answered.resolve();
          },
        },
        async function* (incoming) {
          for await (const { text } of incoming.asks) {
            came.push(`ask ${text}`);
            yield note({ text });
          }
        },
      );
      expect(outcome.code).toBe(OK);
      expect(came).toEqual(
        ['one', 'two', 'three'].flatMap((text) => [`ask ${text}`, `answer ${text}`]),
      );
    });

    test('carries a megabyte each way', async () => {
      const large = note({ text: 'a compressible '.repeat(50_000), blob: bytes(300_000) });
      const outcome = await call({ method: 'unary', asks: [large] }, answersFor('unary'));
      expect(outcome.code).toBe(OK);
      expect(outcome.answers).toEqual([large]);
    });

    test('answers many calls at once', async () => {
      answer = answersFor('bidiStream');
      const outcomes = await Promise.all(
        upTo(50).map((number) => caller.call({ method: 'bidiStream', asks: [note({ number })] })),
      );
      expect(outcomes.map(({ answers }) => answers)).toEqual(
        upTo(50).map((number) => [note({ number })]),
      );
    });

    test('a method without a handler is UNIMPLEMENTED', async () => {
      const outcome = await caller.call({ method: 'absent', asks: [note({})] });
      expect(outcome).toMatchObject({ code: UNIMPLEMENTED, answers: [] });
    });
  });
}

/** The requests to send by a method: all, or the first where there can be one only. */
function asksFor(method: Method, notes: readonly Note[]): readonly Note[] {
  return streamsRequests(method) ? notes : [{ ...(notes[2] as Note) }];
}

/** A server streams one request back as several answers, and gathers several into one. */
function answersFor(method: Method): Answerer {
  return async function* ({ asks }) {
    if (method === 'serverStream') yield* repeat(await only(asks));
    else if (method === 'clientStream') yield await gather(asks);
    else yield* asks;
  };
}

function expectedAnswers(method: Method, asks: readonly Note[]): readonly Note[] {
  if (method === 'serverStream') return [...repeat(asks[0] as Note)];
  if (method === 'clientStream') return [join(asks)];
  return asks;
}

function repeat(ask: Note): Note[] {
  return upTo(4).map((number) => ({ ...ask, number }));
}

async function gather(asks: AsyncIterable<Note>): Promise<Note> {
  const all: Note[] = [];
  for await (const ask of asks) all.push(ask);
  return join(all);
}

function join(asks: readonly Note[]): Note {
  return note({
    number: asks.length,
    big: asks.reduce((sum, { big }) => sum + big, 0n),
    blob: Buffer.concat(asks.map(({ blob }) => blob)),
    words: asks.map(({ text }) => text),
  });
}

/** One request, and then nothing more until the signal aborts: a client that has not half-closed. */
async function* endless(signal: AbortSignal): AsyncGenerator<Note> {
  yield note({ text: 'endless' });
  await abortOf(signal);
}

async function abortOf(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** The first item, without ending the iteration. */
async function first<T>(items: AsyncIterable<T>): Promise<T> {
  const { value, done } = await items[Symbol.asyncIterator]().next();
  if (done === true) throw new Error('expected an item');
  return value as T;
}

function note(fields: Partial<Note>): Note {
  return { text: '', number: 0, big: 0n, words: [], ...fields, blob: bytesOf(fields.blob) };
}

/** A `google.rpc.Status` with one detail, a `google.protobuf.Duration` of 7 seconds. */
function rpcStatus(code: number, message: string): Uint8Array {
  const typeUrl = 'type.googleapis.com/google.protobuf.Duration';
  const any = [0x0a, ...text(typeUrl), 0x12, 2, 0x08, 7];
  return Uint8Array.from([0x08, code, 0x12, ...text(message), 0x1a, any.length, ...any]);
}

/** Short ASCII text behind its length. */
function text(ascii: string): number[] {
  return [ascii.length, ...Buffer.from(ascii)];
}

/** As a plain Uint8Array, which is what every peer's bytes are compared as. */
function bytesOf(blob: Uint8Array | undefined): Uint8Array {
  return new Uint8Array(blob ?? []);
}

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7) % 256);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
