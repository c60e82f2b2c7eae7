import { describe, expect, it } from '@jest/globals';
import { type ConnectOptions, connect, type Metadata, RpcError, Status } from 'tributary';
import {
  collect,
  later,
  type Message,
  numbered,
  rejection,
  rig,
  Stories,
  soon,
  whenOver,
} from '../stories/harness.js';
import { fail, reply, startRawServer } from './raw-server.js';

const RETRY = { maxAttempts: 4, initialBackoff: 1, maxBackoff: 5 };

function stubOf(address: string, options: ConnectOptions) {
  const client = connect(address, options);
  whenOver(() => client.close());
  return client.stub(Stories);
}

/** Handlers that fail so many times, each, before they answer. */
function flaky(times: number, code: number = Status.UNAVAILABLE) {
  const attempts = { unary: 0, serverStream: 0, clientStream: 0, bidiStream: 0 };
  const attempt = (kind: keyof typeof attempts): void => {
    attempts[kind] += 1;
    if (attempts[kind] <= times) throw new RpcError(code, `attempt ${attempts[kind]}`);
  };
  return {
    attempts,
    handlers: {
      unary: (request: Message): Message => {
        attempt('unary');
        return request;
      },
      async *serverStream(request: Message) {
        attempt('serverStream');
        yield request;
        yield request;
      },
      async clientStream(stream: AsyncIterable<Message>) {
        const all = await collect(stream);
        attempt('clientStream');
        return { n: all.length };
      },
      async *bidiStream(stream: AsyncIterable<Message>) {
        const all = await collect(stream);
        attempt('bidiStream');
        yield* all;
      },
    },
  };
}

describe('retry', () => {
  it('makes calls of all four kinds again, with all they have sent', async () => {
    const { attempts, handlers } = flaky(3);
    const { address } = await rig('grpc', handlers);
    const stub = stubOf(address, { retry: RETRY });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(await collect(stub.serverStream({ n: 2 }))).toEqual([{ n: 2 }, { n: 2 }]);
    expect(await stub.clientStream(numbered(20))).toEqual({ n: 20 });
    expect(await collect(stub.bidiStream(numbered(5)))).toEqual([...numbered(5)]);
    expect(attempts).toEqual({ unary: 4, serverStream: 4, clientStream: 4, bidiStream: 4 });
  });

  it('of messages that are compressed, too', async () => {
    const { handlers } = flaky(2);
    const { address } = await rig('grpc', handlers);
    const stub = stubOf(address, { retry: RETRY, compression: 'gzip' });
    const text = 'x'.repeat(1_000);
    expect(await collect(stub.bidiStream(numbered(10, text)))).toEqual([...numbered(10, text)]);
  });

  it('fails with the last status when the attempts are used up', async () => {
    const { attempts, handlers } = flaky(100);
    const { address } = await rig('grpc', handlers);
    const error = await rejection(stubOf(address, { retry: RETRY }).unary({ n: 1 }));
    expect(error).toMatchObject({ code: Status.UNAVAILABLE, details: 'attempt 4' });
    expect(attempts.unary).toBe(4);
  });

  it('makes more than five attempts when it is told to', async () => {
    const { handlers } = flaky(7);
    const { address } = await rig('grpc', handlers);
    const stub = stubOf(address, { retry: { ...RETRY, maxAttempts: 8 } });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
  });

  it('leaves other codes alone; which those are can be said by name or number', async () => {
    const { attempts, handlers } = flaky(1, Status.ABORTED);
    const { address } = await rig('grpc', handlers);
    const error = await rejection(stubOf(address, { retry: RETRY }).unary({ n: 1 }));
    expect(error).toMatchObject({ code: Status.ABORTED });
    for (const code of ['ABORTED', Status.ABORTED] as const) {
      attempts.unary = 0;
      const stub = stubOf(address, { retry: { ...RETRY, retryableStatusCodes: [code] } });
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
      expect(attempts.unary).toBe(2);
    }
  });

  it('none unless asked for', async () => {
    const { attempts, handlers } = flaky(1);
    const { stub } = await rig('grpc', handlers);
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNAVAILABLE });
    expect(attempts.unary).toBe(1);
  });

  it('tells the server which attempt it is', async () => {
    const seen: unknown[] = [];
    const { address } = await rig('grpc', {
      unary: (request, ctx) => {
        seen.push(ctx.metadata.get('grpc-previous-rpc-attempts'));
        if (seen.length < 3) throw new RpcError(Status.UNAVAILABLE);
        return request;
      },
    });
    await stubOf(address, { retry: RETRY }).unary({ n: 1 });
    expect(seen).toEqual([[], ['1'], ['2']]);
  });

  it('not once a message has come back: the failure is the caller’s', async () => {
    let attempts = 0;
    const { address } = await rig('grpc', {
      async *serverStream() {
        attempts += 1;
        yield { n: 1 };
        throw new RpcError(Status.UNAVAILABLE, 'half way');
      },
    });
    const stream = stubOf(address, { retry: RETRY }).serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    expect(await rejection(stream.read())).toMatchObject({ details: 'half way' });
    expect(attempts).toBe(1);
  });

  it('keeps requests of 1 MiB in all for it, and no call of more is made again', async () => {
    const { attempts, handlers } = flaky(1);
    const { address } = await rig('grpc', handlers);
    const stub = stubOf(address, { retry: RETRY });
    const text = 'x'.repeat(300_000);
    expect(await stub.clientStream(numbered(3, text))).toEqual({ n: 3 });
    expect(attempts.clientStream).toBe(2);
    attempts.clientStream = 0;
    const error = await rejection(stub.clientStream(numbered(4, text)).response());
    expect(error).toMatchObject({ code: Status.UNAVAILABLE });
    attempts.clientStream = 0;
    const roomy = stubOf(address, { retry: RETRY, retryBufferSize: 2_000_000 });
    expect(await roomy.clientStream(numbered(4, text))).toEqual({ n: 4 });
  });

  it.each([Infinity, 20_000_000])('keeps as much as it is told to: %p bytes', async (size) => {
    const { attempts, handlers } = flaky(1);
    const { address } = await rig('grpc', handlers, { maxReceiveMessageSize: Infinity });
    const stub = stubOf(address, { retry: RETRY, retryBufferSize: size });
    expect(await stub.clientStream(numbered(2, 'x'.repeat(9_000_000)))).toEqual({ n: 2 });
    expect(attempts.clientStream).toBe(2);
  });

  it('a write between two attempts never hangs, whatever its size', async () => {
    const failed = later();
    const { address } = await rig('grpc', {
      async bidiStream() {
        failed.resolve();
        throw new RpcError(Status.UNAVAILABLE, 'go away');
      },
    });
    const retry = { ...RETRY, initialBackoff: 300, maxBackoff: 300, maxAttempts: 2 };
    const stream = stubOf(address, { retry, retryBufferSize: 10_000 }).bidiStream();
    await stream.write({ n: 0 });
    await soon(failed.promise, 'the first attempt to fail');
    // Let the client hear of it: it is between its attempts now.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const write = (async () => {
      for (const each of numbered(100, 'x'.repeat(5_000))) await stream.write(each);
    })();
    expect(await rejection(write)).toMatchObject({ code: Status.UNAVAILABLE });
    expect(await soon(stream.status(), 'the end')).toMatchObject({ details: 'go away' });
  });

  it('a cancel between two attempts ends it: no other is made', async () => {
    const failed = later();
    const { attempts, handlers } = flaky(100);
    const { address } = await rig('grpc', {
      ...handlers,
      unary: (request: Message) => {
        failed.resolve();
        return handlers.unary(request);
      },
    });
    const controller = new AbortController();
    const stub = stubOf(address, { retry: { ...RETRY, initialBackoff: 600, maxBackoff: 600 } });
    const outcome = rejection(stub.unary({ n: 1 }, { signal: controller.signal }));
    await soon(failed.promise, 'the first attempt to fail');
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    expect(await outcome).toMatchObject({ code: Status.CANCELLED });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(attempts.unary).toBe(1);
  });

  it('the time of the call counts for all attempts together', async () => {
    const { handlers } = flaky(100);
    const { address } = await rig('grpc', handlers);
    const retry = { ...RETRY, initialBackoff: 5_000, maxBackoff: 5_000 };
    const error = await rejection(stubOf(address, { retry }).unary({ n: 1 }, { timeout: 100 }));
    expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });
});

describe('retryThrottling', () => {
  it('makes no attempt but the first while most calls fail', async () => {
    const { attempts, handlers } = flaky(100);
    const { address } = await rig('grpc', handlers);
    const retryThrottling = { maxTokens: 4, tokenRatio: 0.1 };
    const stub = stubOf(address, { retry: RETRY, retryThrottling });
    await rejection(stub.unary({ n: 1 }));
    const afterOne = attempts.unary;
    await rejection(stub.unary({ n: 1 }));
    expect([afterOne, attempts.unary]).toEqual([2, 3]);
  });
});

describe('hedging', () => {
  it('the first answer counts, the other attempt is cancelled', async () => {
    const cancelled = later<unknown>();
    let attempts = 0;
    const { address } = await rig('grpc', {
      unary: (request, ctx) => {
        attempts += 1;
        if (attempts > 1) return request;
        return new Promise((resolve) => {
          ctx.signal.addEventListener('abort', () => {
            cancelled.resolve(ctx.signal.reason);
            resolve(request);
          });
        });
      },
    });
    const stub = stubOf(address, { hedging: { hedgingDelay: 20 } });
    expect(await soon(stub.unary({ n: 1 }), 'the second attempt')).toEqual({ n: 1 });
    expect(await soon(cancelled.promise, 'the cancel')).toMatchObject({ code: Status.CANCELLED });
    expect(attempts).toBe(2);
  });

  it('goes on after a failure that is not fatal, and ends with one that is', async () => {
    const { handlers, attempts } = flaky(2);
    const { address } = await rig('grpc', handlers);
    const hedging = { maxAttempts: 3, hedgingDelay: 10_000 };
    const stub = stubOf(address, {
      hedging: { ...hedging, nonFatalStatusCodes: ['UNAVAILABLE'] },
    });
    expect(await soon(stub.unary({ n: 1 }), 'the third attempt')).toEqual({ n: 1 });
    attempts.unary = 0;
    const error = await rejection(stubOf(address, { hedging }).unary({ n: 1 }));
    expect(error).toMatchObject({ details: 'attempt 1' });
  });
});

describe('methods', () => {
  it('a method takes over what it does not say from its service and the client', async () => {
    const { attempts, handlers } = flaky(1);
    const { address } = await rig('grpc', handlers);
    const stub = stubOf(address, {
      retry: RETRY,
      methods: {
        'test.Stories': { timeout: 2_000 },
        'test.Stories/Unary': { maxRequestSize: 1_000 },
        'test.Stories/ClientStream': { retry: false },
      },
    });
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(await collect(stub.serverStream({ n: 1 }))).toHaveLength(2);
    const failure = await rejection(stub.clientStream([{ n: 1 }]).response());
    expect(failure).toMatchObject({ code: Status.UNAVAILABLE });
    expect(attempts).toMatchObject({ unary: 2, serverStream: 2, clientStream: 1 });
  });

  it('a timeout, to the millisecond', async () => {
    const { address } = await rig(
      'grpc',
      { unary: () => new Promise(() => {}) },
      { byForce: true },
    );
    const stub = stubOf(address, { methods: { 'test.Stories/Unary': { timeout: 150 } } });
    const start = performance.now();
    const error = await rejection(stub.unary({ n: 1 }));
    expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(performance.now() - start).toBeGreaterThan(140);
  });

  it('sizes: RESOURCE_EXHAUSTED with the size and the limit', async () => {
    const { address } = await rig('grpc', {
      unary: (request) => request,
      clientStream: async (stream) => ({ n: (await collect(stream)).length }),
    });
    const stub = stubOf(address, {
      methods: {
        'test.Stories': { maxRequestSize: 100 },
        'test.Stories/Unary': { maxRequestSize: Infinity, maxResponseSize: 50 },
      },
    });
    const text = 'x'.repeat(100);
    expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
    expect(await rejection(stub.unary({ n: 1, text }))).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      details: 'a response of 117 bytes is over the limit of 50 for this method',
    });
    expect(await rejection(stub.clientStream(numbered(3, text)).response())).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      details: 'a request of 117 bytes is over the limit of 100 for this method',
    });
    expect(await stub.clientStream(numbered(3))).toEqual({ n: 3 });
  });
});

describe('serviceConfig', () => {
  it('gRPC’s own form does the same, as an object or as text', async () => {
    const config = {
      methodConfig: [
        {
          name: [{ service: 'test.Stories', method: 'Unary' }],
          maxRequestBytes: 100,
          retryPolicy: {
            maxAttempts: 7,
            initialBackoff: '0.001s',
            maxBackoff: '0.005s',
            backoffMultiplier: 1,
            retryableStatusCodes: ['UNAVAILABLE'],
          },
        },
      ],
    };
    for (const serviceConfig of [config, JSON.stringify(config)]) {
      const { handlers } = flaky(6);
      const { address } = await rig('grpc', handlers);
      const stub = stubOf(address, { serviceConfig });
      expect(await stub.unary({ n: 1 })).toEqual({ n: 1 });
      const tooLarge = stub.unary({ n: 1, text: 'x'.repeat(100) });
      expect(await rejection(tooLarge)).toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    }
  });

  it('a timeout of part of a second is one of part of a second', async () => {
    const { address } = await rig(
      'grpc',
      { unary: () => new Promise(() => {}) },
      { byForce: true },
    );
    const methodConfig = [{ name: [{}], timeout: '0.150s' }];
    const start = performance.now();
    const error = await rejection(
      stubOf(address, { serviceConfig: { methodConfig } }).unary({ n: 1 }),
    );
    expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(performance.now() - start).toBeGreaterThan(140);
  });

  it.each([
    ['not json', /serviceConfig must be JSON/],
    ['[]', /serviceConfig must be a JSON object, got an array of 0/],
    [{ methodConfig: [{}] }, /serviceConfig: .*name array/],
    [{ retryThrottling: { maxTokens: -1, tokenRatio: 1 } }, /serviceConfig: .*maxTokens/],
    [{ loadBalancingConfig: [{ no_such_policy: {} }] }, /serviceConfig has no.*no_such_policy/],
    [{ loadBalancingConfig: [{ pick_first: { shuffleAddressList: 1 } }] }, /shuffleAddressList/],
    [{ loadBalancingConfig: ['round_robin'] }, /serviceConfig/],
    [{ methodConfig: [null] }, /serviceConfig/],
  ])('%j is refused', (serviceConfig, words) => {
    expect(() => connect('127.0.0.1:1', { serviceConfig })).toThrow(RangeError);
    expect(() => connect('127.0.0.1:1', { serviceConfig })).toThrow(words);
  });
});

describe('a foreign server that fails at first', () => {
  it('and says how long to wait is asked again after that time', async () => {
    const { address, calls } = await startRawServer((call) => {
      if (calls.length > 2) reply(call, [{ compressed: false, bytes: Buffer.from('{"n":1}') }]);
      else fail(call, Status.UNAVAILABLE, { 'grpc-retry-pushback-ms': '5' });
    });
    const trailers: Metadata[] = [];
    const patient = { maxAttempts: 4, initialBackoff: 60_000, maxBackoff: 60_000 };
    const stub = stubOf(address, { retry: patient });
    const onTrailers = (metadata: Metadata): void => void trailers.push(metadata);
    expect(await soon(stub.unary({ n: 1 }, { onTrailers }), 'the third attempt')).toEqual({ n: 1 });
    expect(calls).toHaveLength(3);
    expect(trailers).toHaveLength(1);
  });
});
