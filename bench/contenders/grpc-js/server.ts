import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { type Note, noteMaker, type Order, Tally, type TallyOf } from '../../notes.js';
import { METHODS } from '../grpc-methods.js';

const answer: handleUnaryCall<Note, Note> = (call, reply) => reply(null, call.request);

const produce: handleServerStreamingCall<Order, Note> = (call) => {
  const { count, size } = call.request;
  const makeNote = noteMaker(size);
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
  server.addService(METHODS, { answer, produce, collect, echo });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}
