import type { CallOptions, Interceptor } from 'tributary';
import { collect, type Handlers, type Message, type StoryStub } from '../stories/harness.js';

export const KINDS = ['unary', 'serverStream', 'clientStream', 'bidiStream'] as const;
export type KindName = (typeof KINDS)[number];

/** Handlers that answer with what they were sent, a client stream's joined to one. */
export const echo: Handlers = {
  unary: (request) => request,
  *serverStream(request) {
    yield request;
    yield { n: request.n + 1 };
  },
  async clientStream(stream) {
    const all = await collect(stream);
    return { n: all.reduce((sum, { n }) => sum + n, 0) };
  },
  async *bidiStream(stream) {
    yield* stream;
  },
};

/** Handlers that do the same, whatever the kind, before they answer `{ n: 1 }`. */
export function acting(
  act: (...args: Parameters<NonNullable<Handlers['unary']>>) => unknown,
): Handlers {
  return {
    unary: async (request, ctx) => {
      await act(request, ctx);
      return { n: 1 };
    },
    async *serverStream(request, ctx) {
      await act(request, ctx);
      yield { n: 1 };
    },
    async clientStream(stream, ctx) {
      await act({ n: 0 }, ctx);
      await collect(stream);
      return { n: 1 };
    },
    async *bidiStream(stream, ctx) {
      await act({ n: 0 }, ctx);
      await collect(stream);
      yield { n: 1 };
    },
  };
}

/** Calls the method of a kind with these requests, or the first of them, and gives all replies. */
export async function call(
  stub: StoryStub,
  kind: KindName,
  requests: readonly Message[] = [{ n: 1 }],
  options?: CallOptions,
): Promise<Message[]> {
  switch (kind) {
    case 'unary':
      return [await stub.unary(requests[0] as Message, options)];
    case 'serverStream':
      return collect(stub.serverStream(requests[0] as Message, options));
    case 'clientStream':
      return [await stub.clientStream(requests, options)];
    case 'bidiStream':
      return collect(stub.bidiStream(requests, options));
  }
}

/** An interceptor that notes when it begins and ends. */
export function noting(notes: string[], name: string): Interceptor {
  return async (_call, next) => {
    notes.push(`${name} in`);
    try {
      return await next();
    } finally {
      notes.push(`${name} out`);
    }
  };
}
