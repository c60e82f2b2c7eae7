import { once } from 'node:events';
import {
  Client,
  credentials,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Caller } from '../contender.js';
import { makeNote, type Note, Tally, type TallyOf } from '../notes.js';
import { codecs, type PlainCodec } from './plain-codecs.js';

interface Order {
  readonly count: number;
}

const METHODS = {
  answer: method('Answer', false, false, codecs.note, codecs.note),
  produce: method('Produce', false, true, codecs.order, codecs.note),
  collect: method('Collect', true, false, codecs.note, codecs.tally),
  echo: method('Echo', true, true, codecs.note, codecs.note),
} satisfies ServiceDefinition;

const answer: handleUnaryCall<Note, Note> = (call, reply) => reply(null, call.request);

const produce: handleServerStreamingCall<Order, Note> = (call) => {
  const { count } = call.request;
  let next = 0;
  const fill = (): void => {
    while (next < count) {
      const room = call.write(makeNote(next));
      next += 1;
      if (!room) return void call.once('drain', fill);
    }
    call.end();
  };
  fill();
};

const collect: handleClientStreamingCall<Note, TallyOf> = (call, reply) => {
  const tally = new Tally();
  call.on('data', tally.add);
  call.on('end', () => reply(null, tally));
};

const echo: handleBidiStreamingCall<Note, Note> = (call) => {
  call.on('data', (note: Note) => {
    if (call.write(note)) return;
    call.pause();
    call.once('drain', () => call.resume());
  });
  call.on('end', () => call.end());
};

export async function serve(): Promise<{ port: number; close(): void }> {
  const server = new Server();
  server.addService(METHODS, { answer, produce, collect, echo } as UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

export function connect(port: number): Caller {
  return new GrpcJsCaller(port);
}

class GrpcJsCaller implements Caller {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  answer(note: Note): Promise<Note> {
    const { path, requestSerialize, responseDeserialize } = METHODS.answer;
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        note,
        (e, reply) => (e === null ? resolve(reply as Note) : reject(e)),
      );
    });
  }

  produce(count: number, onNote: (note: Note) => void): Promise<void> {
    const { path, requestSerialize, responseDeserialize } = METHODS.produce;
    return new Promise((resolve, reject) => {
      this.#client
        .makeServerStreamRequest(path, requestSerialize, responseDeserialize, { count })
        .on('data', onNote)
        .on('end', resolve)
        .on('error', reject);
    });
  }

  async collect(count: number): Promise<TallyOf> {
    const { path, requestSerialize, responseDeserialize } = METHODS.collect;
    let sending: Promise<void> | undefined;
    const reply = await new Promise<TallyOf>((resolve, reject) => {
      const call = this.#client.makeClientStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        (e, tally) => (e === null ? resolve(tally as TallyOf) : reject(e)),
      );
      sending = writeNotes(call, count);
    });
    await sending;
    return reply;
  }

  async echo(count: number, onNote: (note: Note) => void): Promise<void> {
    const { path, requestSerialize, responseDeserialize } = METHODS.echo;
    const call = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const received = new Promise<void>((resolve, reject) => {
      call.on('data', onNote).on('end', resolve).on('error', reject);
    });
    await Promise.all([writeNotes(call, count), received]);
  }

  close(): void {
    this.#client.close();
  }
}

async function writeNotes(
  call: { write(note: Note): boolean; end(): void } & NodeJS.EventEmitter,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    if (!call.write(makeNote(i))) await once(call, 'drain');
  }
  call.end();
}

function method<Req, Res>(
  name: string,
  requestStream: boolean,
  responseStream: boolean,
  request: PlainCodec<Req>,
  response: PlainCodec<Res>,
): MethodDefinition<Req, Res> {
  return {
    path: `/bench.Bench/${name}`,
    requestStream,
    responseStream,
    requestSerialize: request.encode,
    requestDeserialize: request.decode,
    responseSerialize: response.encode,
    responseDeserialize: response.decode,
  };
}
