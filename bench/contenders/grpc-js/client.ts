import { once } from 'node:events';
import { Client, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import type { Caller, Chat } from '../../contender.js';
import { type Note, noteMaker, type SizeName, type TallyOf } from '../../notes.js';
import { METHODS } from '../grpc-methods.js';

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

  produce(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    const { path, requestSerialize, responseDeserialize } = METHODS.produce;
    return new Promise((resolve, reject) => {
      this.#client
        .makeServerStreamRequest(path, requestSerialize, responseDeserialize, { count, size })
        .on('data', onNote)
        .on('end', resolve)
        .on('error', reject);
    });
  }

  async collect(count: number, size: SizeName): Promise<TallyOf> {
    const { path, requestSerialize, responseDeserialize } = METHODS.collect;
    let sending: Promise<void> | undefined;
    const reply = await new Promise<TallyOf>((resolve, reject) => {
      const call = this.#client.makeClientStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        (e, tally) => (e === null ? resolve(tally as TallyOf) : reject(e)),
      );
      sending = writeNotes(call, count, size);
    });
    await sending;
    return reply;
  }

  async echo(count: number, size: SizeName, onNote: (note: Note) => void): Promise<void> {
    const call = this.#echo();
    const received = new Promise<void>((resolve, reject) => {
      call.on('data', onNote).on('end', resolve).on('error', reject);
    });
    await Promise.all([writeNotes(call, count, size), received]);
  }

  chat(): Chat {
    return new GrpcJsChat(this.#echo());
  }

  close(): void {
    this.#client.close();
  }

  #echo(): ClientDuplexStream<Note, Note> {
    const { path, requestSerialize, responseDeserialize } = METHODS.echo;
    return this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  }
}

class GrpcJsChat implements Chat {
  readonly #call: ClientDuplexStream<Note, Note>;
  readonly #ended: Promise<void>;
  #onNote: ((note: Note) => void) | undefined;
  #onError: ((error: Error) => void) | undefined;

  constructor(call: ClientDuplexStream<Note, Note>) {
    this.#call = call;
    this.#ended = new Promise((resolve) => call.once('end', resolve));
    call.on('data', (note: Note) => this.#onNote?.(note));
    call.on('error', (error) => this.#onError?.(error));
  }

  exchange(note: Note): Promise<Note> {
    return new Promise((resolve, reject) => {
      this.#onNote = resolve;
      this.#onError = reject;
      this.#call.write(note);
    });
  }

  async end(): Promise<void> {
    this.#call.end();
    await this.#ended;
  }
}

async function writeNotes(
  call: { write(note: Note): boolean; end(): void } & NodeJS.EventEmitter,
  count: number,
  size: SizeName,
): Promise<void> {
  const makeNote = noteMaker(size);
  for (let i = 0; i < count; i += 1) {
    if (!call.write(makeNote(i))) await once(call, 'drain');
  }
  call.end();
}
