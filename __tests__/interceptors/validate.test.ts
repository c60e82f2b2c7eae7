import { describe, expect, it } from '@jest/globals';
import { findDetail, RpcError, Status, type Violation, validate } from 'tributary';
import {
  collect,
  type Message,
  numbered,
  PLAIN_TRANSPORTS,
  rejection,
  rig,
  Stories,
  turns,
} from '../stories/harness.js';
import { call, echo, KINDS } from './kinds.js';

/** Numbers up to 2 are fine. */
function small({ n }: Message): Violation[] | undefined {
  if (n <= 2) return undefined;
  return [
    { field: 'n', description: 'must be 2 or less', reason: 'TOO_LARGE' },
    { field: 'text', description: 'must say why' },
  ];
}

const rules = { unary: small, serverStream: small, clientStream: small, bidiStream: small };

describe.each(PLAIN_TRANSPORTS)('validate over %s', (transport) => {
  describe.each(['client', 'server'] as const)('on the %s', (side) => {
    const validated = (interceptor: ReturnType<typeof validate>, handlers = echo) =>
      rig(
        transport,
        handlers,
        side === 'client'
          ? { client: { interceptors: [interceptor] } }
          : { interceptors: [interceptor] },
      );

    it.each(KINDS)('lets good requests pass: %s', async (kind) => {
      const { stub } = await validated(validate(Stories, rules));
      expect(await call(stub, kind, [{ n: 2 }])).toEqual(
        kind === 'serverStream' ? [{ n: 2 }, { n: 3 }] : [{ n: 2 }],
      );
    });

    it.each(KINDS)('ends the call for a bad one, and says why: %s', async (kind) => {
      const { stub } = await validated(validate(Stories, rules));
      const requests = kind === 'unary' || kind === 'serverStream' ? [{ n: 3 }] : [...numbered(9)];
      const error = (await rejection(call(stub, kind, requests))) as RpcError;
      expect(error).toMatchObject({
        code: Status.INVALID_ARGUMENT,
        details: 'n: must be 2 or less (and 1 more)',
      });
      expect(findDetail(error, 'BadRequest')?.fieldViolations).toMatchObject([
        { field: 'n', description: 'must be 2 or less', reason: 'TOO_LARGE' },
        { field: 'text', description: 'must say why' },
      ]);
    });

    it('what came before the bad request was handled', async () => {
      const { stub } = await validated(validate(Stories, { bidiStream: small }));
      const stream = stub.bidiStream();
      for (const message of numbered(3)) {
        await stream.write(message);
        expect(await stream.read()).toEqual(message);
      }
      await stream.write({ n: 3 });
      expect(await rejection(stream.read())).toMatchObject({ code: Status.INVALID_ARGUMENT });
    });

    it('a rule may throw an error of its own', async () => {
      const { stub } = await validated(
        validate(Stories, {
          unary: () => {
            throw new RpcError(Status.OUT_OF_RANGE, 'far out');
          },
        }),
      );
      expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
        code: Status.OUT_OF_RANGE,
        details: 'far out',
      });
    });

    it('an empty list is no violation, and a method without a rule has none', async () => {
      const { stub } = await validated(
        validate(Stories, { unary: () => [], bidiStream: undefined }),
      );
      expect(await stub.unary({ n: 9 })).toEqual({ n: 9 });
      expect(await collect(stub.bidiStream(numbered(9)))).toHaveLength(9);
    });
  });

  it('a handler cannot look away', async () => {
    const { stub } = await rig(
      transport,
      {
        async clientStream(stream) {
          const read = await collect(stream).catch(() => []);
          return { n: read.length };
        },
      },
      { interceptors: [validate(Stories, rules)] },
    );
    expect(await rejection(call(stub, 'clientStream', [...numbered(9)]))).toMatchObject({
      code: Status.INVALID_ARGUMENT,
    });
  });

  it('a rule that gives anything else is a bug, and told to onError', async () => {
    const promising = (async () => {
      throw new Error('nobody awaits this');
    }) as never;
    const { stub, takeErrors } = await rig(transport, echo, {
      interceptors: [validate(Stories, { unary: promising })],
    });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNKNOWN });
    await turns();
    expect(String(takeErrors()[0])).toContain('must give a list of violations or nothing');
  });
});

it('refuses what is no rule', () => {
  expect(() => validate(Stories, { unnary: small } as never)).toThrow(
    "test.Stories has no method 'unnary'; it has unary, serverStream, clientStream, bidiStream",
  );
  expect(() => validate(Stories, { unary: 'small' } as never)).toThrow(
    "validate() rule test.Stories.unary must be a function, got 'small'",
  );
  expect(() => validate(Stories, undefined as never)).toThrow('takes an object with rules');
  expect(() => validate({} as never, {})).toThrow(TypeError);
});
