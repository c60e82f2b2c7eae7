import { expect } from '@jest/globals';
import { connect, EOF, type RpcError, type ServerOptions } from 'tributary';
import {
  type Handlers,
  type Rig,
  rig,
  Stories,
  soon,
  turns,
  whenOver,
} from '../../stories/harness.js';

/** A server over http2 that keeps a record of its handlers. */
export interface Watched extends Rig {
  /** How each handler of a stream came to its end: what its reads said, and why its signal aborted. */
  readonly ends: string[];
  /** How many handlers have been called. */
  begun(): number;
  /** All handlers have ended, each once, and a call on another connection is answered. */
  isWell(): Promise<void>;
}

/** Echoes whatever it is sent, and notes how that ends. */
export async function watched(options: ServerOptions = {}): Promise<Watched> {
  const ends: string[] = [];
  let begun = 0;
  let over = 0;
  const handlers: Handlers = {
    unary(request) {
      begun += 1;
      over += 1;
      return request;
    },
    async bidiStream(stream, ctx) {
      begun += 1;
      ctx.signal.addEventListener('abort', () => ends.push(codeOf(ctx.signal.reason)));
      try {
        for (;;) {
          const message = await stream.read();
          if (message === EOF) break;
          await stream.write(message);
        }
        ends.push('EOF');
      } catch (error) {
        if (!ctx.signal.aborted) ends.push(codeOf(error));
        throw error;
      } finally {
        over += 1;
      }
    },
  };
  const { transport: _transport, onError: _onError, ...limits } = options;
  const guard = await rig('http2', handlers, { ...limits, byForce: true });
  return {
    ...guard,
    ends,
    begun: () => begun,
    isWell: async () => {
      const canary = connect(guard.address, { ...guard.connecting });
      whenOver(() => canary.close());
      const call = canary.stub(Stories).unary({ n: 7 });
      expect(await soon(call, 'the canary')).toEqual({ n: 7 });
      await turns();
      expect(over).toBe(begun);
    },
  };
}

function codeOf(error: unknown): string {
  return String((error as RpcError).code);
}
