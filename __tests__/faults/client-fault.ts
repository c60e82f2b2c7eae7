import type { Answer } from '../transport/http2/raw-answers.js';
import type { PerTransport } from './server-fault.js';

/** Something that a server does to its client, and what must come of it. */
export interface ClientFault {
  readonly name: string;
  /** Answers a call in its way: once its requests have ended. */
  readonly answer: Answer;
  /** What a unary call comes to, and a stream; 'OK after n' for messages before it. */
  readonly unary: PerTransport<string>;
  readonly stream: PerTransport<string>;
  /** Bytes that may be held while the fault lasts; only where memory is the matter. */
  readonly most?: number;
}
