import fc from 'fast-check';

/** A while in which the other side, the network and timers get their turn. */
export type Pause =
  | { readonly do: 'turns'; readonly count: number }
  | { readonly do: 'sleep'; readonly milliseconds: number };

/** What a reader does next. Where it does not wait, the next step begins while it still reads. */
export type ReadStep =
  | Pause
  | { readonly do: 'read'; readonly waits: boolean }
  | { readonly do: 'read for'; readonly milliseconds: number; readonly waits: boolean }
  | { readonly do: 'read until aborted'; readonly after: Pause }
  | {
      readonly do: 'read batch';
      readonly max: number;
      readonly milliseconds: number | undefined;
      readonly waits: boolean;
    }
  | { readonly do: 'ready'; readonly milliseconds: number }
  | { readonly do: 'select'; readonly milliseconds: number }
  | { readonly do: 'loop'; readonly count: number };

/** What a writer does next; sizes in bytes. */
export type WriteStep =
  | Pause
  | { readonly do: 'write'; readonly size: number; readonly waits: boolean }
  | { readonly do: 'write all'; readonly sizes: readonly number[] }
  | { readonly do: 'write a misfit' };

export interface Buffers {
  readonly highWaterMark: number | undefined;
  readonly maxBufferedBytes: number | undefined;
  readonly prefetchBytes: number | undefined;
}

export interface ClientPart {
  readonly writes: readonly WriteStep[];
  readonly reads: readonly ReadStep[];
  readonly buffers: Buffers;
  /** Whether requests are written to the stream, or come from a source that may fail. */
  readonly feeds: 'by hand' | 'a source' | 'a source that fails';
  readonly halfCloses: boolean;
  /** What it does when its steps are done. */
  readonly atLast: 'drain' | 'cancel' | 'leave the loop' | 'dispose';
}

export interface ServerPart {
  readonly writes: readonly WriteStep[];
  readonly reads: readonly ReadStep[];
  /** Which of its servers: one has small buffers. */
  readonly isTight: boolean;
  readonly answers: 'by hand' | 'with a generator';
  readonly waitsFor: 'its writes' | 'both';
  /** Whether it reads on to the end when its steps are done. */
  readonly drains: boolean;
  readonly ends: 'return' | 'doneWriting' | 'doneWriting, then throw' | 'RpcError' | 'Error';
}

/** What comes in between. */
export interface Interruption {
  readonly what: 'cancel' | 'abort' | 'cut' | 'cut when all has come';
  readonly after: Pause;
}

/** One call: what either side does, and what happens to it. */
export interface Program {
  readonly kind: 'unary' | 'serverStream' | 'clientStream' | 'bidiStream';
  readonly client: ClientPart;
  readonly server: ServerPart;
  readonly interruption: Interruption | undefined;
  /** Milliseconds. */
  readonly timeout: number | undefined;
}

const pause: fc.Arbitrary<Pause> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turns'), count: fc.nat({ max: 6 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep'), milliseconds: fc.nat({ max: 3 }) }),
  },
);

const size = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0, 1, 10, 300) },
  { weight: 2, arbitrary: fc.constant(5_000) },
  { weight: 1, arbitrary: fc.constantFrom(20_000, 70_000, 300_000) },
);

const limit = fc.constantFrom(0, 0, 1, 2, 5);

const readStep: fc.Arbitrary<ReadStep> = fc.oneof(
  { weight: 2, arbitrary: pause },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read'), waits: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('read for'),
      milliseconds: limit,
      waits: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('read until aborted'), after: pause }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('read batch'),
      max: fc.constantFrom(1, 2, 3, 7),
      milliseconds: fc.option(limit, { nil: undefined }),
      waits: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ready'), milliseconds: limit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('select'), milliseconds: limit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('loop'), count: fc.nat({ max: 3 }) }) },
);

const writeStep: fc.Arbitrary<WriteStep> = fc.oneof(
  { weight: 3, arbitrary: pause },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('write'), size, waits: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('write all'),
      sizes: fc.array(size, { maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'write a misfit' } as const) },
);

const reads = fc.array(readStep, { maxLength: 12 });
const writes = fc.array(writeStep, { maxLength: 14 });

const buffers: fc.Arbitrary<Buffers> = fc.record({
  highWaterMark: fc.constantFrom(undefined, undefined, 1, 100),
  maxBufferedBytes: fc.constantFrom(undefined, undefined, undefined, 400),
  prefetchBytes: fc.constantFrom(undefined, undefined, 1, 64),
});

const clientPart: fc.Arbitrary<ClientPart> = fc.record({
  writes,
  reads,
  buffers,
  feeds: fc.constantFrom('by hand', 'by hand', 'by hand', 'a source', 'a source that fails'),
  halfCloses: fc.constantFrom(true, true, true, false),
  atLast: fc.constantFrom('drain', 'drain', 'drain', 'cancel', 'leave the loop', 'dispose'),
});

const serverPart: fc.Arbitrary<ServerPart> = fc.record({
  writes,
  reads,
  isTight: fc.boolean(),
  answers: fc.constantFrom('by hand', 'by hand', 'with a generator'),
  waitsFor: fc.constantFrom('both', 'both', 'its writes'),
  drains: fc.constantFrom(true, true, false),
  ends: fc.constantFrom(
    'return',
    'return',
    'return',
    'doneWriting',
    'doneWriting, then throw',
    'RpcError',
    'RpcError',
    'Error',
  ),
});

const interruption: fc.Arbitrary<Interruption | undefined> = fc.option(
  fc.record({
    // To connect again takes longer than all the rest.
    what: fc.constantFrom('cancel', 'cancel', 'abort', 'abort', 'cut', 'cut when all has come'),
    after: pause,
  }),
  { freq: 2, nil: undefined },
);

/** One that is not bound to stand still for ever: who waits for an end is given one. */
function endsSomehow(program: Program): Program {
  const { kind, client, server } = program;
  const readsRequests = kind === 'clientStream' || kind === 'bidiStream';
  if (!readsRequests || client.feeds !== 'by hand' || client.halfCloses) return program;
  return { ...program, server: { ...server, waitsFor: 'its writes' } };
}

export const anyProgram: fc.Arbitrary<Program> = fc
  .record({
    kind: fc.constantFrom('unary', 'serverStream', 'clientStream', 'bidiStream', 'bidiStream'),
    client: clientPart,
    server: serverPart,
    interruption,
    timeout: fc.constantFrom(...Array<undefined>(20).fill(undefined), 0, 1, 3, 10),
  })
  .map((program) => endsSomehow(program as Program));
