import { EOF, Status } from 'tributary';
import type { PLAIN_TRANSPORTS } from '../stories/harness.js';
import { throws } from './handle-trial.js';
import { type SideLog, textOf } from './side-log.js';
import type { Trial } from './trial.js';

export type TrialTransport = (typeof PLAIN_TRANSPORTS)[number];

/** What holds for all calls that were open together. */
export interface Circumstances {
  readonly transport: TrialTransport;
  /** Whether their connection was cut. */
  readonly wasCut: boolean;
}

/** What is wrong with how a call went, against the model; nothing if all is well. */
export function faultsOf(trial: Trial, circumstances: Circumstances): string[] {
  return [
    ...trial.client.faults,
    ...trial.server.faults,
    ...trial.pending.map((what) => `pending for ever: ${what}`),
    ...faultsOfEnds(trial, circumstances),
    ...faultsOfHandler(trial, circumstances),
    ...faultsOfReads('client', trial.client),
    ...faultsOfReads('server', trial.server),
    ...faultsOfDelivery('requests', trial.client, trial.server, requestsDue(trial, circumstances)),
    ...faultsOfReplies(trial, circumstances),
    ...faultsOfClientEnd(trial),
  ];
}

/** The status that the client was told; of a unary call, what its promise says. */
function codeOf({ status, response }: Trial): number | undefined {
  if (status !== undefined) return status.code;
  if (response === undefined) return undefined;
  return 'value' in response ? Status.OK : (response.error as { code: number }).code;
}

/** The status that the handler ends its call with, if nothing else does first. */
function handlersCode(trial: Trial): number {
  const { ends } = trial.program.server;
  if (!throws(trial) || (trial.streamsReplies && isDoneFirst(trial))) return Status.OK;
  return ends === 'RpcError' ? Status.ABORTED : Status.UNKNOWN;
}

/** Generators, and handlers of one reply, have no `doneWriting` to call before they throw. */
function isDoneFirst({ program, streamsReplies }: Trial): boolean {
  const { answers, ends } = program.server;
  return streamsReplies && ends === 'doneWriting, then throw' && answers === 'by hand';
}

/**
 * What is left of a trap in grpc-js, whose client takes a write behind the server's OK for an error: a
 * message that waits in its buffer for another attempt goes out when it pleases.
 */
function isTrap({ status, streamsRequests }: Trial, transport: TrialTransport): boolean {
  if (transport !== 'grpc' || !streamsRequests) return false;
  return status?.code === Status.INTERNAL && status.details === 'Write error: write after end';
}

function faultsOfEnds(trial: Trial, { transport, wasCut }: Circumstances): string[] {
  const { program, gaveUp } = trial;
  const code = codeOf(trial);
  const possible = new Set<number | undefined>([handlersCode(trial)]);
  const { interruption, timeout } = program;
  const isCancelled = interruption?.what === 'cancel' || interruption?.what === 'abort';
  if (isCancelled || gaveUp !== undefined || program.client.atLast === 'dispose') {
    possible.add(Status.CANCELLED);
  }
  if (timeout !== undefined) possible.add(Status.DEADLINE_EXCEEDED);
  if (wasCut) possible.add(Status.UNAVAILABLE);
  if (handlersCode(trial) === Status.OK && isTrap(trial, transport)) possible.add(code);
  const faults: string[] = [];
  if (!possible.has(code)) {
    const words = trial.status?.details ?? String(trial.response?.error);
    faults.push(`the client was told ${code} (${words}), where only ${[...possible]} could be`);
  }
  if (trial.trailersTold !== 1) faults.push(`the end was told ${trial.trailersTold} times`);
  if (trial.headersTold > 1) faults.push(`the headers were told ${trial.headersTold} times`);
  const { response } = trial;
  if (response !== undefined && 'value' in response !== (code === Status.OK)) {
    faults.push(`the reply and the status ${code} contradict one another`);
  }
  return faults;
}

function faultsOfHandler(trial: Trial, { wasCut }: Circumstances): string[] {
  const { aborts, errors, handled } = trial;
  const code = codeOf(trial);
  const faults: string[] = [];
  if (handled > 1) faults.push(`the handler was called ${handled} times`);
  if (handled === 0 && code === handlersCode(trial)) faults.push('nobody has handled the call');
  if (aborts.length > 1) faults.push(`the signal aborted ${aborts.length} times`);
  if (aborts.length > 0 && isFromHandler(trial)) faults.push('the signal aborted after the end');
  const reasons = [
    Status.CANCELLED,
    Status.DEADLINE_EXCEEDED,
    ...(wasCut ? [Status.UNAVAILABLE] : []),
  ];
  for (const { code: reason } of aborts as { code: number }[]) {
    if (!reasons.some((each) => each === reason)) faults.push(`the signal's reason is ${reason}`);
  }
  if (handled > 0) faults.push(...faultsOfErrors(trial, errors));
  return faults;
}

/** `onError` hears of each exception that is none of gRPC's, and of any that comes after the end. */
function faultsOfErrors(trial: Trial, errors: readonly unknown[]): string[] {
  const isThrown = trial.endsBefore !== undefined && throws(trial);
  const isForeign = isThrown && trial.program.server.ends !== 'RpcError';
  const expected = isForeign ? [trial.thrown] : [];
  if (errors.length === expected.length && errors[0] === expected[0]) return [];
  return [`onError heard ${errors.map(String)}, where ${expected.map(String)} was due`];
}

/** Whether the client's status is the handler's, not one that came in between. */
function isFromHandler(trial: Trial): boolean {
  return trial.gaveUp === undefined && codeOf(trial) === handlersCode(trial);
}

function faultsOfReads(side: string, { ends, seen }: SideLog): string[] {
  const faults: string[] = [];
  const [first] = ends;
  if (ends.some((end) => end !== first)) {
    faults.push(`${side}: the end changed: ${ends.map((end) => describe(end))}`);
  }
  const firstEnd = seen.findIndex(({ end }) => end !== undefined);
  const isResumed = seen.some(({ messages }, i) => i > firstEnd && messages.length > 0);
  if (firstEnd >= 0 && isResumed) faults.push(`${side}: a message came after the end`);
  return faults;
}

function faultsOfDelivery(what: string, from: SideLog, to: SideLog, due: number): string[] {
  const { kept } = from;
  const { received } = to;
  const faults: string[] = [];
  const stuck = from.sent.filter(({ fate }) => fate === 'pending');
  if (stuck.length > 0) faults.push(`${what}: ${stuck.length} were neither sent nor refused`);
  const isPrefix = received.every(({ n, text }, i) => {
    const sent = kept[i];
    return sent !== undefined && sent.n === n && text === textOf(n, sent.size);
  });
  if (!isPrefix) {
    faults.push(`${what}: sent ${kept.map(({ n }) => n)}, received ${received.map(({ n }) => n)}`);
  }
  if (received.length < due) faults.push(`${what}: ${received.length} of ${due} were delivered`);
  return faults;
}

/** EOF is said only when the client has half-closed, and behind everything it has sent. */
function requestsDue(trial: Trial, { transport }: Circumstances): number {
  const { server, client, endsBefore = Infinity, halfClosed } = trial;
  const { ends } = server;
  const isTrueEnd = endsBefore > 0 && ends[0] === EOF;
  if (!isTrueEnd) return 0;
  if (!halfClosed) server.faults.push('EOF, and the client has not half-closed');
  // Over grpc-js a half-close that a reset follows may overtake what came before it (decision 15).
  const isLeft = trial.gaveUp !== undefined || trial.program.client.atLast === 'dispose';
  return transport === 'grpc' && isLeft ? 0 : client.owed;
}

function faultsOfReplies(trial: Trial, circumstances: Circumstances): string[] {
  const { client, server } = trial;
  if (trial.streamsReplies) {
    return faultsOfDelivery('replies', server, client, repliesDue(trial, circumstances));
  }
  const isDue = trial.program.kind === 'clientStream' && codeOf(trial) === Status.OK;
  const most = isDue ? 1 : 0;
  const least = trial.gaveUp === undefined ? most : 0;
  const { length } = client.received;
  return least <= length && length <= most ? [] : [`${length} replies were read, not ${most}`];
}

/**
 * Everything, if the client's end is the handler's. A cancelled call drops what was not read. On
 * the grpc transport an error may take the last messages with it.
 */
function repliesDue(trial: Trial, { transport }: Circumstances): number {
  if (!trial.streamsReplies || trial.gaveUp !== undefined) return 0;
  const isOk = codeOf(trial) === Status.OK;
  if (isFromHandler(trial) && (isOk || transport !== 'grpc')) return trial.server.owed;
  const isLost = codeOf(trial) === Status.UNAVAILABLE;
  return isLost && transport === 'http2' ? trial.surelyCame : 0;
}

function faultsOfClientEnd(trial: Trial): string[] {
  const [end] = trial.client.ends;
  if (trial.program.kind === 'unary') return [];
  const code = codeOf(trial);
  if (end === EOF) return code === Status.OK ? [] : [`EOF, and the status is ${code}`];
  const ended = (end as { code?: number } | undefined)?.code;
  if (ended === code) return [];
  if (ended === Status.CANCELLED && trial.gaveUp !== undefined) return [];
  return [`the reads ended with ${describe(end)}, and the status is ${code}`];
}

function describe(end: unknown): string {
  return end === EOF ? 'EOF' : String(end);
}
