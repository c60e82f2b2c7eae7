import { describe, expect, it } from '@jest/globals';
import {
  type Codec,
  crudService,
  field,
  MemoryRepository,
  type MessageOf,
  message,
  RpcError,
  Status,
} from 'tributary';
import { PageTokens } from '../../lib/model-services/page-token.js';
import { aborted, collect, later, rejection, soon } from '../stories/harness.js';
import { type Book, Book as BookType, book, library, type Shelf, serving } from './library.js';

const none: Shelf = new MemoryRepository<Book, 'id'>('id');
const refused = {
  code: Status.INVALID_ARGUMENT,
  details: expect.stringContaining('page_token: not the next_page_token'),
};

/** A shelf whose rows come from `find`. */
function shelf(find: Shelf['find']): Shelf {
  return Object.assign(new MemoryRepository<Book, 'id'>('id'), { find });
}

describe('rows that end in an error', () => {
  it.each([
    ['of its own', new Error('disk on fire'), Status.UNKNOWN],
    ['with a status', new RpcError(Status.UNAVAILABLE, 'restarts'), Status.UNAVAILABLE],
  ])('%s', async (_, error, code) => {
    const errors: unknown[] = [];
    const failing = shelf(async function* () {
      yield book({ id: 'a' });
      throw error;
    });
    const { stub } = await library(failing, { onError: (each) => errors.push(each) });
    expect(await rejection(stub.list({ pageSize: 2 }))).toMatchObject({ code });
    const stream = stub.stream({});
    expect(await stream.read()).toEqual(book({ id: 'a' }));
    expect(await rejection(stream.read())).toMatchObject({ code });
    expect(errors).toEqual(code === Status.UNKNOWN ? [error, error] : []);
  });

  it('at once', async () => {
    const errors: unknown[] = [];
    const failing = shelf(() => {
      throw new Error('no connection');
    });
    const { stub } = await library(failing, { onError: (each) => errors.push(each) });
    expect(await rejection(stub.list({}))).toMatchObject({ code: Status.UNKNOWN });
    expect(await rejection(stub.stream({}).read())).toMatchObject({ code: Status.UNKNOWN });
    expect(errors.map(String)).toEqual(Array(2).fill('Error: no connection'));
  });
});

describe('rows that never end', () => {
  it('are a page, and let go, when limit is not heeded', async () => {
    const returned = later();
    const endless = shelf(async function* () {
      try {
        for (let n = 0; ; n += 1) yield book({ id: `${n}` });
      } finally {
        returned.resolve();
      }
    });
    const { stub } = await library(endless);
    const { items, nextPageToken } = await soon(stub.list({ pageSize: 2 }), 'a page');
    expect(items.map(({ id }) => id)).toEqual(['0', '1']);
    expect(nextPageToken).not.toBe('');
    await soon(returned.promise, 'the end of find');
  });

  it.each(['list', 'stream'] as const)('do not hold a %s that is cancelled', async (method) => {
    const told = later();
    const asked = later();
    const stuck = shelf(async function* ({ signal }) {
      asked.resolve();
      void aborted(signal).then(() => told.resolve());
      await new Promise(() => {});
      yield book({});
    });
    const { stub } = await library(stuck);
    const controller = new AbortController();
    const { signal } = controller;
    const call =
      method === 'list' ? stub.list({}, { signal }) : collect(stub.stream({}, { signal }));
    const failure = rejection(call);
    await soon(asked.promise, 'find to begin');
    controller.abort();
    expect(await soon(failure, 'the call to end')).toMatchObject({ code: Status.CANCELLED });
    await soon(told.promise, 'the signal to abort');
  });
});

describe('a page token', () => {
  const order = [{ field: 'pageCount', descending: false }] as const;
  const tokens = new PageTokens(BookType as unknown as Codec<Book, Partial<Book>>);

  it('leads behind a row', () => {
    const token = tokens.make(book({ id: 'a', pageCount: 7 }), order, 'q');
    expect(tokens.read(token, order, 'q')).toEqual({ pageCount: 7 });
    expect(() => tokens.read(token, order, 'other')).toThrow(expect.objectContaining(refused));
  });

  it.each([
    ['a field cut off', [0x18]],
    ['a group without an end', [0x1b]],
    ['no UTF-8', [0x0a, 1, 0xff]],
  ])('with a right sum over %s is refused all the same', (_, forged) => {
    const forger = new PageTokens<Book>({
      encode: () => Uint8Array.from(forged),
      decode: () => book({}),
    });
    const token = forger.make(book({}), order, 'q');
    expect(() => tokens.read(token, order, 'q')).toThrow(expect.objectContaining(refused));
  });

  it('of a megabyte is refused as any other', async () => {
    const { stub } = await library(none);
    const pageToken = Buffer.alloc(750_000, 1).toString('base64url');
    expect(await rejection(stub.list({ pageToken }))).toMatchObject(refused);
  });

  it('is no good where its field has become optional, and zero is no longer unset', async () => {
    const pages = field.int32(2);
    const before = message('Book', { id: field.string(1), pages });
    const now = message('Book', { id: field.string(1), pages: pages.optional() });
    const [Old, New] = [before, now].map((type) => crudService('a.Books', type, { key: 'id' }));
    const rows = ['a', 'b'].map((id) => ({ id, pages: 0 }));
    const repository = new MemoryRepository<{ id: string; pages: number }, 'id'>('id', rows);
    const old = await serving((server) => server.add(Old!, Old!.handlers(repository)));
    const { nextPageToken } = await old.stub(Old!).list({ orderBy: 'pages', pageSize: 1 });
    const request = { orderBy: 'pages', pageToken: nextPageToken };
    const client = await serving((server) => server.add(New!, New!.handlers(repository)));
    expect(await rejection(client.stub(New!).list(request))).toMatchObject(refused);
    expect((await old.stub(Old!).list(request)).items).toEqual([rows[1]]);
  });
});

it('finds rows by numbers of 64 bits, and tells -0 and NaN from what was not sent', async () => {
  const Entry = message('Entry', { number: field.int64(1), heat: field.double(2) });
  const Log = crudService('a.Log', Entry, { key: 'number', plural: 'Entries' });
  const repository = new MemoryRepository<MessageOf<typeof Entry>, 'number'>('number');
  const handlers = Log.handlers(repository, { newKey: () => 7 as unknown as bigint });
  const stub = (await serving((server) => server.add(Log, handlers))).stub(Log);
  const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
  for (const number of [most, least, most - 1n]) await stub.create({ item: { number, heat: 1 } });
  expect((await stub.create({ item: { heat: 1 } })).number).toBe(7n);
  expect((await stub.get({ number: 7 })).number).toBe(7n);
  const numbers: bigint[] = [];
  for (let pageToken = ''; numbers.length < 4; ) {
    const page = await stub.list({ pageSize: 1, pageToken });
    numbers.push(...page.items.map(({ number }) => number));
    pageToken = page.nextPageToken;
  }
  expect(numbers).toEqual([least, 7n, most - 1n, most]);
  for (const heat of [-0, NaN, 5]) {
    expect((await stub.update({ item: { number: most, heat } })).heat).toBe(heat);
  }
  expect((await stub.update({ item: { number: most, heat: 0 } })).heat).toBe(5);
  const hot = await stub.list({ filter: { number: { above: most - 1n } } });
  expect(hot.items.map(({ number }) => number)).toEqual([most]);
  expect(await rejection(stub.get({ number: 0n }))).toMatchObject({ details: 'number is missing' });
  expect(await rejection(stub.delete({ number: 8n }))).toMatchObject({
    details: 'there is no Entry 8',
  });
});
