import {
  type BidiStream,
  bidiStream,
  type ClientStream,
  clientStream,
  loadService,
  type ServerStream,
  type ServiceDescriptor,
  serverStream,
  service,
  type Unary,
  unary,
} from 'tributary';
import type { Note, Order, TallyOf } from '../../notes.js';
import { codecs, PROTO } from '../plain-codecs.js';

export type Methods = {
  answer: Unary<Note, Note>;
  produce: ServerStream<Order, Note>;
  collect: ClientStream<Note, TallyOf>;
  echo: BidiStream<Note, Note>;
};

export type Bench = ServiceDescriptor<Methods>;

/** As users have it: messages checked as they are encoded, 64-bit integers exact. */
export function withOwnCodecs(): Promise<Bench> {
  return loadService<Methods>(PROTO, 'bench.Bench');
}

/** With the very functions that the other contenders encode and decode with. */
export async function withPlainCodecs(): Promise<Bench> {
  return service('bench.Bench', {
    answer: unary(codecs.note, codecs.note),
    produce: serverStream(codecs.order, codecs.note),
    collect: clientStream(codecs.note, codecs.tally),
    echo: bidiStream(codecs.note, codecs.note),
  });
}
