import { describe, expect, it } from '@jest/globals';
import { MemoryRepository, RpcError, Status } from 'tributary';
import {
  aborted,
  atRest,
  collect,
  later,
  PLAIN_TRANSPORTS,
  rejection,
  soon,
} from '../stories/harness.js';
import { type Book, book, library } from './library.js';

async function statusOf(call: PromiseLike<unknown>): Promise<[number, string]> {
  const error = await rejection(call);
  if (!RpcError.is(error)) throw error;
  return [error.code, error.details];
}

const SHELF = [
  { id: 'a', title: 'Emma', pageCount: 300, copies: 5n, rating: 4 },
  { id: 'b', title: 'Dune', pageCount: 400, copies: 2n, rating: 0, reader: 'Ada' },
  { id: 'c', title: 'Ulysses', pageCount: 700, inPrint: true },
  { id: 'd', title: 'Dracula', pageCount: 400, copies: 2n ** 60n, genre: 1 },
].map(book);
const shelf = (): MemoryRepository<Book, 'id'> => new MemoryRepository<Book, 'id'>('id', SHELF);

describe.each(PLAIN_TRANSPORTS)('one book, over %s', (over) => {
  it('is created, read, changed and deleted', async () => {
    const { stub } = await library(undefined, { over });
    const emma = { id: 'a', title: 'Emma', pageCount: 300, tags: ['old'] };
    expect(await stub.create({ item: emma })).toEqual(book(emma));
    expect(await stub.get({ id: 'a' })).toEqual(book(emma));
    const item = { id: 'a', title: 'Emma!', pageCount: 1 };
    const updateMask = { paths: ['title'] };
    const changed = book({ ...emma, title: 'Emma!' });
    expect(await stub.update({ item, updateMask })).toEqual(changed);
    expect(await stub.get({ id: 'a' })).toEqual(changed);
    expect(await stub.delete({ id: 'a' })).toEqual({});
    expect(await statusOf(stub.get({ id: 'a' }))).toEqual([
      Status.NOT_FOUND,
      "there is no Book 'a'",
    ]);
  });
});

it('says what is there already, and what is not', async () => {
  const { stub } = await library(shelf());
  const exists = [Status.ALREADY_EXISTS, "Book 'a' exists already"];
  const missing = [Status.NOT_FOUND, "there is no Book 'x'"];
  expect(await statusOf(stub.create({ item: { id: 'a' } }))).toEqual(exists);
  expect((await stub.get({ id: 'a' })).title).toBe('Emma');
  expect(await statusOf(stub.update({ item: { id: 'x', title: '?' } }))).toEqual(missing);
  expect(await statusOf(stub.delete({ id: 'x' }))).toEqual(missing);
});

it('refuses requests that say nothing, or what is not there', async () => {
  const { stub } = await library(shelf());
  const bad = async (call: PromiseLike<unknown>): Promise<string> => {
    const [code, details] = await statusOf(call);
    expect(code).toBe(Status.INVALID_ARGUMENT);
    return details;
  };
  expect(await bad(stub.create({}))).toBe('item is missing');
  expect(await bad(stub.create({ item: { title: 'x' } }))).toBe('item.id is missing');
  expect(await bad(stub.get({}))).toBe('id is missing');
  expect(await bad(stub.delete({ id: '' }))).toBe('id is missing');
  expect(await bad(stub.update({}))).toBe('item is missing');
  expect(await bad(stub.update({ item: {} }))).toBe('item.id is missing');
  const masked = (path: string) =>
    stub.update({ item: { id: 'a' }, updateMask: { paths: [path] } });
  expect(await bad(masked('pages'))).toBe("update_mask: Book has no field 'pages'");
  expect(await bad(masked('lent'))).toBe("update_mask: Book has no field 'lent'");
  expect(await bad(stub.list({ pageSize: -1 }))).toBe('page_size must be 0 or more');
  const ordered = (orderBy: string) => stub.list({ orderBy });
  expect(await bad(ordered('pages'))).toBe("order_by: Book has no field 'pages'");
  expect(await bad(ordered('tags'))).toBe('order_by: tags has no order');
  expect(await bad(ordered('cover'))).toBe('order_by: cover has no order');
  expect(await bad(ordered('title down'))).toMatch('expected asc, desc or nothing behind title');
  expect(await bad(ordered('title,,id'))).toBe("order_by: Book has no field ''");
  expect(await bad(ordered('page_count, pageCount desc'))).toMatch('pageCount is there twice');
  const streamed = collect(stub.stream({ orderBy: 'pages' }));
  expect(await bad(streamed)).toBe("order_by: Book has no field 'pages'");
});

it('gives keys to rows that come without', async () => {
  const { stub } = await library(undefined, { newKey: () => 'new' });
  expect((await stub.create({ item: { title: 'x' } })).id).toBe('new');
  expect((await stub.create({ item: { id: 'own', title: 'x' } })).id).toBe('own');
});

it.each([
  ['', 'newKey must make a key'],
  [undefined, 'newKey must make a key'],
  [5, 'expected a string, got 5'],
])('stores no row under the key %p', async (made, reason) => {
  const errors: unknown[] = [];
  const repository = shelf();
  const { stub } = await library(repository, {
    newKey: () => made as string,
    onError: (error) => errors.push(error),
  });
  const [code, details] = await statusOf(stub.create({ item: { title: 'x' } }));
  expect(details).not.toContain(reason);
  expect(code).toBe(Status.UNKNOWN);
  expect(errors.map(String)).toEqual([expect.stringContaining(reason)]);
  expect(repository.size).toBe(SHELF.length);
});

describe('a mask', () => {
  it('takes names as in the .proto and as in code, and unsets what is not in the item', async () => {
    const { stub } = await library(shelf());
    const paths = ['page_count', 'rating', 'id'];
    const item = { id: 'a', pageCount: 9, title: 'no' };
    const { title, pageCount, rating } = await stub.update({ item, updateMask: { paths } });
    expect([title, pageCount, rating]).toEqual(['Emma', 9, undefined]);
    const again = await stub.update({ item: { id: 'a' }, updateMask: { paths: ['pageCount'] } });
    expect(again.pageCount).toBe(0);
  });

  it('is all that is set, if there is none', async () => {
    const { stub } = await library(shelf());
    const item = { id: 'a', rating: 0, title: '', tags: ['new'] };
    expect(await stub.update({ item })).toEqual({ ...SHELF[0], rating: 0, tags: ['new'] });
  });

  it('* is everything', async () => {
    const { stub } = await library(shelf());
    const item = { id: 'b', title: 'Dune' };
    expect(await stub.update({ item, updateMask: { paths: ['*'] } })).toEqual(book(item));
  });

  it('moves a oneof from one field to another, or to none', async () => {
    const { stub } = await library(shelf());
    const moved = await stub.update({ item: { id: 'b', library: 0 } });
    expect([moved.reader, moved.library]).toEqual([undefined, 0]);
    const paths = ['library', 'reader'];
    const back = await stub.update({ item: { id: 'b', reader: 'Bob' }, updateMask: { paths } });
    expect([back.reader, back.library]).toEqual(['Bob', undefined]);
    const other = await stub.update({ item: { id: 'b' }, updateMask: { paths: ['library'] } });
    expect(other.reader).toBe('Bob');
  });
});

describe('a list', () => {
  type Asked = Parameters<Awaited<ReturnType<typeof library>>['stub']['list']>[0];
  const ids = async (request: Asked): Promise<string> => {
    const { stub } = await library(shelf());
    const { items } = await stub.list({ pageSize: 5, ...request });
    const streamed = await collect(stub.stream({ ...request }));
    expect(streamed).toEqual(items);
    return items.map(({ id }) => id).join('');
  };

  it('is ordered by what was asked, then by the key', async () => {
    expect(await ids({})).toBe('abcd');
    expect(await ids({ orderBy: 'page_count desc' })).toBe('cbda');
    expect(await ids({ orderBy: 'pageCount desc, title desc' })).toBe('cbda');
    expect(await ids({ orderBy: ' rating asc , id  desc' })).toBe('dcba');
    expect(await ids({ orderBy: 'copies desc' })).toBe('dabc');
    expect(await ids({ orderBy: 'id desc' })).toBe('dcba');
  });

  it('has what the filter lets pass', async () => {
    expect(await ids({ filter: { title: { equals: 'Dune' } } })).toBe('b');
    expect(await ids({ filter: { pageCount: { atLeast: 400, below: 700 } } })).toBe('bd');
    expect(await ids({ filter: { pageCount: { above: 400, atMost: 700 } } })).toBe('c');
    expect(await ids({ filter: { title: { atLeast: 'D', below: 'E' } } })).toBe('bd');
    expect(await ids({ filter: { copies: { above: 5n } } })).toBe('d');
    expect(await ids({ filter: { rating: { atMost: 4 } } })).toBe('ab');
    expect(await ids({ filter: { genre: { equals: 1 } } })).toBe('d');
    expect(await ids({ filter: { inPrint: { equals: false } } })).toBe('abd');
    expect(await ids({ filter: { reader: { equals: 'Ada' }, pageCount: { equals: 1 } } })).toBe('');
    expect(await ids({ filter: {} })).toBe('abcd');
  });

  it('comes in pages, which lose and repeat nothing while rows go', async () => {
    const { stub } = await library(shelf());
    const request = { pageSize: 1, orderBy: 'page_count desc' };
    const first = await stub.list(request);
    await stub.delete({ id: 'c' });
    const second = await stub.list({ ...request, pageSize: 2, pageToken: first.nextPageToken });
    const third = await stub.list({ ...request, pageToken: second.nextPageToken });
    const pages = [first, second, third].map(({ items }) => items.map(({ id }) => id).join(''));
    expect(pages).toEqual(['c', 'bd', 'a']);
    expect(third.nextPageToken).toBe('');
  });

  it('has as many rows as the server lets it', async () => {
    const many = Array.from({ length: 9 }, (_, n) => book({ id: String(n) }));
    const { stub } = await library(new MemoryRepository<Book, 'id'>('id', many));
    expect((await stub.list({})).items.length).toBe(3);
    expect((await stub.list({ pageSize: 100 })).items.length).toBe(5);
  });

  it('takes no page token but its own', async () => {
    const { stub } = await library(shelf());
    const filter = { pageCount: { above: 1 } };
    const { nextPageToken } = await stub.list({ pageSize: 1, filter });
    const flipped = (nextPageToken.startsWith('A') ? 'B' : 'A') + nextPageToken.slice(1);
    const foreign = ['x', '%%', flipped, `${nextPageToken}=`, nextPageToken.slice(4)];
    const requests = [
      ...foreign.map((pageToken) => ({ pageToken, filter })),
      { pageToken: nextPageToken },
      { pageToken: nextPageToken, filter: { pageCount: { above: 2 } } },
      { pageToken: nextPageToken, filter, orderBy: 'title' },
    ];
    for (const request of requests) {
      const [code, details] = await statusOf(stub.list(request));
      expect(code).toBe(Status.INVALID_ARGUMENT);
      expect(details).toMatch('page_token: not the next_page_token');
    }
    const next = await stub.list({ pageSize: 1, filter, pageToken: nextPageToken });
    expect(next.items[0]?.id).toBe('b');
  });
});

it.each(PLAIN_TRANSPORTS)('streams rows no faster than they are read over %s', async (over) => {
  let pulled = 0;
  const returned = later();
  const cover = new Uint8Array(16_384);
  const table = shelf();
  table.find = async function* () {
    try {
      for (pulled = 1; pulled < 5_000; pulled += 1) yield book({ id: String(pulled), cover });
    } finally {
      returned.resolve();
    }
  };
  const { stub } = await library(table, { over });
  const stream = stub.stream({});
  const reader = stream[Symbol.asyncIterator]();
  await soon(reader.next(), 'the first row');
  const ahead = await atRest(() => pulled);
  // A stream over http2 has a window of 1 MiB.
  expect(ahead).toBeLessThan(over === 'http2' ? 128 : 64);
  for (let read = 2; read <= 200; read += 1) {
    const { value } = await soon(reader.next(), 'a row');
    expect((value as Book).id).toBe(String(read));
  }
  expect(await atRest(() => pulled)).toBeLessThan(200 + 64);
  await reader.return?.();
  await soon(returned.promise, 'the end of find');
});

it('tells a repository when nobody waits any more', async () => {
  const waiting = shelf();
  const told = later();
  waiting.find = async function* ({ signal }) {
    yield SHELF[0]!;
    await aborted(signal);
    told.resolve();
  };
  const { stub } = await library(waiting);
  for await (const { id } of stub.stream({})) {
    expect(id).toBe('a');
    break;
  }
  await soon(told.promise, 'the signal to abort');
});
