import { RpcError, Status, type StatusObject } from 'tributary';
import type { Program } from './program.js';
import { SideLog } from './side-log.js';

/** One call and what has come of it, on both sides. */
export class Trial {
  readonly id: string;
  readonly program: Program;
  readonly client = new SideLog();
  readonly server = new SideLog();
  /** What the handler throws, if it does. */
  readonly thrown: RpcError | Error;

  // What the client was told.
  status: StatusObject | undefined;
  headersTold = 0;
  trailersTold = 0;
  /** The single reply, or the error in its place. */
  response: { value: unknown; error?: undefined } | { error: unknown } | undefined;
  halfClosed = false;
  /** Why the client has given the call up, if so; what was not read is then dropped. */
  gaveUp: 'cancel' | 'leave the loop' | 'a failed source' | undefined;
  /** How many of its messages the server's side knows to have come to the client's machine. */
  surelyCame = 0;

  // What the server was told.
  handled = 0;
  handlerOver = 0;
  aborts: unknown[] = [];
  /** How many ends had been read when the handler began to end the call itself. */
  endsBefore: number | undefined;
  /** Whether the handler has written all it has to. */
  repliesWritten = false;
  errors: unknown[] = [];

  constructor(id: string, program: Program) {
    this.id = id;
    this.program = program;
    this.thrown =
      program.server.ends === 'RpcError'
        ? new RpcError(Status.ABORTED, `trial ${id}`)
        : new Error(`trial ${id}`);
  }

  /** Whether requests are read from a stream. */
  get streamsRequests(): boolean {
    return this.program.kind === 'clientStream' || this.program.kind === 'bidiStream';
  }

  get streamsReplies(): boolean {
    return this.program.kind === 'serverStream' || this.program.kind === 'bidiStream';
  }

  /** What has not come to an end. */
  get pending(): string[] {
    return [
      ...this.client.pending.map((what) => `client: ${what}`),
      ...this.server.pending.map((what) => `server: ${what}`),
      ...(this.handled === this.handlerOver ? [] : ['server: the handler']),
    ];
  }
}
