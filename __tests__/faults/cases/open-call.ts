import { soon, turns } from '../../stories/harness.js';
import type { RawConnection } from '../../transport/http2/raw-connection.js';
import { FRAME, frame, grpcMessage } from '../../transport/http2/raw-frames.js';
import type { Target } from '../target.js';

export const BIDI = '/test.Stories/BidiStream';
export const MESSAGE = grpcMessage('{"n":1}');

/** A bare connection with a call of a bidi stream on it, stream 1, which has echoed a message. */
export async function openCall(target: Target, settings?: Uint8Array): Promise<RawConnection> {
  const raw = await target.open(settings);
  raw.call(1, BIDI);
  raw.send(frame(FRAME.data, 0, 1, MESSAGE));
  await raw.next(({ type }) => type === FRAME.data, 'the echo');
  return raw;
}

/** Waits until a handler has begun. */
export async function begun({ record }: Target): Promise<void> {
  const begin = async (): Promise<void> => {
    while (record.begun === 0) await turns(1);
  };
  await soon(begin(), 'the handler to begin');
}
