import { once } from 'node:events';
import { Duplex } from 'node:stream';
import {
  Client,
  type ClientWritableStream,
  credentials,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  Metadata,
  type requestCallback,
  Server,
  ServerCredentials,
  type ServiceError,
} from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { EOF, fromDuplex, RpcError, Status } from 'tributary';
import {
  atRest,
  collect,
  later,
  type Message,
  numbered,
  rejection,
  soon,
  startProxy,
  turns,
  whenOver,
} from '../stories/harness.js';

const BIG = 'x'.repeat(64 * 1024);
const toBytes = (message: Message) => Buffer.from(JSON.stringify(message));
const fromBytes = (bytes: Buffer) => JSON.parse(bytes.toString()) as Message;
const shape = (requestStream: boolean, responseStream: boolean, name: string) => ({
  path: `/test.Plain/${name}`,
  requestStream,
  responseStream,
  requestSerialize: toBytes,
  requestDeserialize: fromBytes,
  responseSerialize: toBytes,
  responseDeserialize: fromBytes,
});
const SERVICE = {
  down: shape(false, true, 'down'),
  up: shape(true, false, 'up'),
  both: shape(true, true, 'both'),
};

interface Handlers {
  down?: handleServerStreamingCall<Message, Message>;
  up?: handleClientStreamingCall<Message, Message>;
  both?: handleBidiStreamingCall<Message, Message>;
}

/** A server and a client of grpc-js alone, and its calls of each kind. */
async function plain(handlers: Handlers, { cuttable = false } = {}) {
  const server = new Server();
  const missing = (): never => {
    throw new Error('not expected to be called');
  };
  server.addService(SERVICE, { down: missing, up: missing, both: missing, ...handlers });
  let port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  let cut = (): void => {};
  if (cuttable) {
    const proxy = await startProxy(port);
    whenOver(proxy.close);
    cut = proxy.cut;
    port = Number(proxy.address.split(':')[1]);
  }
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  whenOver(() => {
    client.close();
    server.forceShutdown();
  });
  return {
    cut,
    down: (message: Message) =>
      client.makeServerStreamRequest(SERVICE.down.path, toBytes, fromBytes, message),
    up: (answered: requestCallback<Message>): ClientWritableStream<Message> =>
      client.makeClientStreamRequest(SERVICE.up.path, toBytes, fromBytes, answered),
    both: (deadline?: number) =>
      client.makeBidiStreamRequest(
        SERVICE.both.path,
        toBytes,
        fromBytes,
        deadline === undefined ? {} : { deadline },
      ),
  };
}

const echo: handleBidiStreamingCall<Message, Message> = (call) => {
  call.on('data', (message) => call.write(message));
  call.on('end', () => call.end());
};

describe('fromDuplex on a call of grpc-js’s client', () => {
  it('reads and writes a bidirectional call: null in between, EOF after OK', async () => {
    const { both } = await plain({ both: echo });
    const stream = fromDuplex(both());
    expect(await stream.read(5)).toBeNull();
    await stream.write({ n: 1 });
    expect(await stream.read()).toEqual({ n: 1 });
    await stream.writeAll(numbered(3));
    expect(await stream.readBatch(3, 1_000)).toHaveLength(3);
    await stream.doneWriting();
    for (let i = 0; i < 2; i += 1) expect(await stream.read()).toBe(EOF);
    expect(await stream.status()).toMatchObject({ code: 0 });
    expect(await rejection(stream.write({ n: 2 }))).toMatchObject({
      code: Status.FAILED_PRECONDITION,
    });
    expect(stream.peer).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('reads a server-streaming call, with its headers and trailers', async () => {
    const { down } = await plain({
      down(call) {
        const [headers, trailers] = [new Metadata(), new Metadata()];
        headers.set('early', 'yes');
        trailers.set('late', 'too');
        call.sendMetadata(headers);
        for (const message of numbered(call.request.n)) call.write(message);
        call.end(trailers);
      },
    });
    const stream = fromDuplex(down({ n: 100 }));
    expect((await stream.headers()).get('early')).toEqual(['yes']);
    expect(await collect(stream)).toHaveLength(100);
    expect((await stream.status()).trailers.get('late')).toEqual(['too']);
    const hidden = stream as unknown as ReturnType<typeof fromDuplex<Message, Message>>;
    expect(await rejection(hidden.write({ n: 1 }))).toEqual(
      new TypeError('this call has nothing to write'),
    );
  });

  it('writes a client-streaming call, whose callback gets the reply', async () => {
    const { up } = await plain({
      up(call, answer) {
        let n = 0;
        call.on('data', (message: Message) => {
          n += message.n;
        });
        call.on('end', () => answer(null, { n }));
      },
    });
    const reply = later<Message | undefined>();
    const stream = fromDuplex(up((_error, value) => reply.resolve(value)));
    await stream.writeAll(numbered(10));
    await stream.doneWriting();
    expect(await reply.promise).toEqual({ n: 45 });
    expect(await stream.status()).toMatchObject({ code: 0 });
    expect(await rejection((stream as unknown as { read(): Promise<Message> }).read())).toEqual(
      new TypeError('this call has nothing to read: its callback gets the reply'),
    );
  });

  it('delivers what had come, then the RpcError with its trailers, for ever', async () => {
    const failing = later();
    const { both } = await plain({
      both(call) {
        for (const message of numbered(10)) call.write(message);
        void failing.promise.then(() => {
          const metadata = new Metadata();
          metadata.set('why', 'because');
          call.emit('error', { code: Status.NOT_FOUND, details: 'nobody here', metadata });
        });
      },
    });
    const call = both();
    const stream = fromDuplex(call);
    expect(await stream.readBatch(3, Infinity)).toHaveLength(3);
    // What grpc-js has not handed up when an error comes, it drops.
    while (call.readableLength < 7) await turns(1);
    failing.resolve();
    expect(await soon(stream.status(), 'the status')).toMatchObject({ code: Status.NOT_FOUND });
    for (let n = 3; n < 10; n += 1) expect(await stream.read()).toEqual({ n });
    for (let i = 0; i < 2; i += 1) {
      const error = (await rejection(stream.read())) as RpcError;
      expect(RpcError.is(error)).toBe(true);
      expect(error).toMatchObject({ code: Status.NOT_FOUND, details: 'nobody here' });
      expect(error.trailers.get('why')).toEqual(['because']);
      expect((error.cause as ServiceError).code).toBe(Status.NOT_FOUND);
    }
    expect(await rejection(stream.write({ n: 1 }))).toMatchObject({ code: Status.NOT_FOUND });
    expect(await rejection(stream.doneWriting())).toMatchObject({ code: Status.NOT_FOUND });
  });

  it('fails pending writes when the call ends while they wait for room', async () => {
    const ended = later();
    const { both } = await plain({
      both: (call) =>
        void ended.promise.then(() => call.emit('error', { code: Status.ABORTED, details: 'no' })),
    });
    const stream = fromDuplex(both());
    let written = 0;
    const source = function* (): Generator<Message> {
      for (const message of numbered(100_000, BIG)) {
        written += 1;
        yield message;
      }
    };
    const writing = stream.writeAll(source());
    expect(await atRest(() => written)).toBeLessThan(1_000);
    ended.resolve();
    expect(await rejection(writing)).toMatchObject({ code: Status.ABORTED });
  });

  it('cancels at once: locally, on the wire, and by leaving a loop', async () => {
    const cancelled: Promise<unknown>[] = [];
    const { both } = await plain({
      both(call) {
        cancelled.push(once(call, 'cancelled'));
        call.write({ n: 1 });
        call.write({ n: 2 });
      },
    });
    const stream = fromDuplex(both());
    expect(await stream.read()).toEqual({ n: 1 });
    stream.cancel('enough');
    const error = await rejection(stream.read());
    expect(error).toMatchObject({ code: Status.CANCELLED, details: 'enough', cause: 'enough' });
    expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });

    const left = fromDuplex(both());
    for await (const _message of left) break;
    expect(await left.status()).toMatchObject({ code: Status.CANCELLED });
    {
      await using disposed = fromDuplex(both());
      await disposed.read();
    }
    expect(cancelled).toHaveLength(3);
    await soon(Promise.all(cancelled), 'the server to hear of it');
    expect(() => stream.cancel(5 as never)).toThrow(
      new TypeError('cancel reason must be a string, got 5 (number)'),
    );
  });

  it('cancels a call that has not begun', async () => {
    const { both } = await plain({ both: echo });
    const stream = fromDuplex(both());
    stream.cancel();
    expect(await rejection(stream.headers())).toMatchObject({ code: Status.CANCELLED });
    await turns(10);
  });

  it('is DEADLINE_EXCEEDED when its deadline passes', async () => {
    const { both } = await plain({ both: () => {} });
    const stream = fromDuplex(both(Date.now() + 50));
    expect(await rejection(stream.read())).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  it('is UNAVAILABLE when the connection is lost', async () => {
    const { both, cut } = await plain({ both: echo }, { cuttable: true });
    const stream = fromDuplex(both());
    await stream.write({ n: 1 });
    await stream.read();
    cut();
    expect(await rejection(stream.read())).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('a source that fails cancels the call, with its exception as cause', async () => {
    const { both } = await plain({ both: echo });
    const stream = fromDuplex(both());
    const boom = new Error('boom');
    const source = function* (): Generator<Message> {
      yield { n: 1 };
      throw boom;
    };
    expect(await rejection(stream.writeAll(source()))).toBe(boom);
    expect(await rejection(stream.read())).toMatchObject({ code: Status.CANCELLED, cause: boom });
  });

  it('refuses a message that is none, and goes on', async () => {
    const { both } = await plain({ both: echo });
    const stream = fromDuplex(both());
    expect(await rejection(stream.write(null as never))).toBeInstanceOf(TypeError);
    await stream.write({ n: 1 });
    expect(await stream.read()).toEqual({ n: 1 });
    stream.cancel();
  });

  it('says so when it came too late to learn the status', async () => {
    const { down } = await plain({ down: (call) => call.end() });
    const call = down({ n: 0 });
    await once(call, 'status');
    expect(await rejection(fromDuplex(call).read())).toMatchObject({
      code: Status.UNKNOWN,
      details: 'the call had ended before fromDuplex() was called, so its status is not known',
    });
  });

  it('cancels the call when somebody destroys its stream', async () => {
    const { both } = await plain({ both: echo });
    const call = both();
    const stream = fromDuplex(call);
    call.destroy();
    expect(await rejection(stream.read())).toMatchObject({ code: Status.CANCELLED });
    expect(await stream.status()).toMatchObject({ code: Status.CANCELLED });
  });
});

describe('fromDuplex in a handler of grpc-js’s server', () => {
  it('reads and writes a bidirectional call', async () => {
    const { both } = await plain({
      both: detached(async (call) => {
        const stream = fromDuplex(call);
        for await (const { n } of stream) await stream.write({ n: n * 2 });
        await stream.doneWriting();
        expect(await stream.read()).toBe(EOF);
      }),
    });
    const stream = fromDuplex(both());
    await stream.writeAll(numbered(3));
    await stream.doneWriting();
    expect(await collect(stream)).toEqual([{ n: 0 }, { n: 2 }, { n: 4 }]);
  });

  it('reads a client-streaming call, and writes a server-streaming one', async () => {
    const { up, down } = await plain({
      up: detached(async (call, answer) => {
        const numbers = await collect(fromDuplex(call));
        answer(null, { n: numbers.length });
      }),
      down: detached(async (call) => {
        const stream = fromDuplex(call);
        await stream.writeAll(numbered(call.request.n));
        await stream.doneWriting();
      }),
    });
    const reply = later<Message | undefined>();
    const writing = fromDuplex(up((_error, value) => reply.resolve(value)));
    await writing.writeAll(numbered(7));
    await writing.doneWriting();
    expect(await reply.promise).toEqual({ n: 7 });
    expect(await collect(fromDuplex(down({ n: 4 })))).toHaveLength(4);
  });

  it('doneWriting ends the call with OK, whatever was not read', async () => {
    const { both } = await plain({
      both: detached(async (call) => {
        const stream = fromDuplex(call);
        await stream.write({ n: 1 });
        await stream.doneWriting();
      }),
    });
    const stream = fromDuplex(both());
    expect(await collect(stream)).toEqual([{ n: 1 }]);
    expect(await stream.status()).toMatchObject({ code: 0 });
  });

  it('rejects reads, and writes that wait for room, when the call is cancelled', async () => {
    const failures = later<unknown[]>();
    let written = 0;
    const { both } = await plain({
      both: detached(async (call) => {
        const stream = fromDuplex(call);
        const reading = stream.read();
        const source = function* (): Generator<Message> {
          for (const message of numbered(100_000, BIG)) {
            written += 1;
            yield message;
          }
        };
        const writing = stream.writeAll(source());
        const errors = [await rejectionOf(writing), await rejectionOf(reading)];
        errors.push(await rejectionOf(stream.write({ n: 1 })), await rejectionOf(stream.read()));
        failures.resolve(errors);
      }),
    });
    const call = both();
    const stream = fromDuplex(call);
    await stream.read();
    expect(await atRest(() => written)).toBeLessThan(1_000);
    stream.cancel();
    for (const error of await soon(failures.promise, 'the handler to hear of it')) {
      expect(error).toMatchObject({ code: Status.CANCELLED });
    }
  });

  it('takes no half of an upload for all of it when the client cancels', async () => {
    for (let round = 0; round < 5; round += 1) {
      const outcome = later<unknown>();
      const { both } = await plain({
        both: detached(async (call) => {
          const stream = fromDuplex(call);
          await stream.read();
          await stream.write({ n: 0 });
          outcome.resolve(await stream.read().catch((error: unknown) => error));
        }),
      });
      const stream = fromDuplex(both());
      await stream.write({ n: 1 });
      await stream.read();
      stream.cancel();
      expect(await soon(outcome.promise, 'the end')).toMatchObject({ code: Status.CANCELLED });
    }
  });

  it('a source that fails ends the call: RpcErrors as they are, others without their words', async () => {
    const metadata = new Metadata();
    metadata.set('why', 'because');
    const thrown = [
      new RpcError(Status.NOT_FOUND, 'nobody here', { trailers: metadata }),
      new Error('secret'),
    ];
    let round = 0;
    const { both } = await plain({
      both: detached(async (call) => {
        const error = thrown[round++];
        const source = function* (): Generator<Message> {
          yield { n: 1 };
          throw error;
        };
        expect(await rejectionOf(fromDuplex(call).writeAll(source()))).toBe(error);
      }),
    });
    const first = fromDuplex(both());
    expect(await first.read()).toEqual({ n: 1 });
    const error = (await rejection(first.read())) as RpcError;
    expect(error).toMatchObject({ code: Status.NOT_FOUND, details: 'nobody here' });
    expect(error.trailers.get('why')).toEqual(['because']);
    const second = fromDuplex(both());
    await second.read();
    expect(await rejection(second.read())).toMatchObject({
      code: Status.UNKNOWN,
      details: 'the handler failed unexpectedly',
    });
  });
});

describe('what fromDuplex refuses', () => {
  it('anything but a stream call of grpc-js', () => {
    for (const [wrong, described] of [
      [null, 'null'],
      [{}, '{}'],
      [new Duplex(), 'a Duplex'],
    ] as const) {
      expect(() => fromDuplex(wrong as never)).toThrow(
        new TypeError(`fromDuplex takes a stream call of grpc-js, got ${described}`),
      );
    }
  });
});

/** Handlers of grpc-js are not to give promises; what goes wrong here fails the test as unhandled. */
function detached<Args extends unknown[]>(
  work: (...args: Args) => Promise<void>,
): (...args: Args) => void {
  return (...args) => void work(...args);
}

/** As `rejection`, for handlers: they may wait longer. */
function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
}
