import type { Headers, RunningServer } from '../peers/peer.js';
import type {
  Empty,
  PayloadResponse,
  SimpleRequest,
  StreamingInputCallRequest,
  StreamingInputCallResponse,
  StreamingOutputCallRequest,
} from './test-service.js';
import type { WireTap } from './wire-tap.js';

/** What the cases call; the last is of the service that no server has. */
export type TestMethod =
  | 'emptyCall'
  | 'unaryCall'
  | 'streamingOutputCall'
  | 'streamingInputCall'
  | 'fullDuplexCall'
  | 'unimplementedCall'
  | 'unimplementedService';

export type Ask = Empty | SimpleRequest | StreamingInputCallRequest | StreamingOutputCallRequest;

/** A message of any method's replies. */
export type Answer = PayloadResponse & StreamingInputCallResponse;

/** A call as a case wants it made, whatever library that is. */
export interface TestCall {
  readonly method: TestMethod;
  /** A single one where the method has a single request. */
  readonly asks: Iterable<Ask> | AsyncIterable<Ask>;
  readonly metadata?: Headers;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Whether the request of this number, from 0, is to be compressed; none is unless given. */
  readonly compressed?: (index: number) => boolean;
  readonly onAnswer?: (answer: Answer) => void;
}

/** What became of it. */
export interface TestOutcome {
  readonly answers: readonly Answer[];
  readonly code: number;
  readonly details: string;
  readonly headers: Headers;
  readonly trailers: Headers;
}

export interface RunningTestClient {
  call(call: TestCall): Promise<TestOutcome>;
  close(): Promise<void>;
}

/** What can be told apart when messages are compressed, and why it is not finer than that. */
export type Compressing =
  | { readonly by: 'message' }
  | { readonly by: 'call' | 'nothing'; readonly because: string };

/** A client of `grpc.testing.TestService`, in some library. */
export interface TestClient {
  readonly name: string;
  readonly requests: Compressing;
  /** Why it stops compressing for a server that puts spaces between the encodings it can read. */
  readonly losesSpacedEncodings?: string;
  /** What it cannot do, and why; nothing unless given. */
  readonly cannot?: { readonly [what in 'cancel' | 'time' | 'reuse' | 'converse']?: string };
  connect(port: number): RunningTestClient;
}

/** A server of `grpc.testing.TestService`, in some library. */
export interface TestServer {
  readonly name: string;
  readonly replies: Compressing;
  /** Why it reads no compressed requests. */
  readonly readsNoGzip?: string;
  /** Whether it puts spaces between the encodings it can read. */
  readonly spacesEncodings?: boolean;
  /**
   * Whether it refuses a request that is not compressed as it says. No library tells its handlers;
   * a server in this process can ask the wire.
   */
  readonly checksCompression: boolean;
  /** Listens on a free port of 127.0.0.1; `tap` gives what clients are connected to, once it is there. */
  serve(tap: () => WireTap): Promise<RunningServer>;
}
