import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryRepository, RpcError } from 'tributary';
import { collect } from '../stories/harness.js';
import { type Book, book, library } from './library.js';

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const item = fc.record({
  id,
  pageCount: fc.integer({ min: 0, max: 3 }),
  rating: fc.constantFrom(undefined, 0, 1, NaN),
});
const step = fc.oneof(
  fc.record({ what: fc.constant('create' as const), item }),
  fc.record({
    what: fc.constant('update' as const),
    item,
    paths: fc.subarray(['rating', 'page_count'], { minLength: 1 }),
  }),
  fc.record({ what: fc.constant('delete' as const), id }),
  fc.record({
    what: fc.constant('list' as const),
    pageSize: fc.integer({ min: 1, max: 5 }),
    by: fc.constantFrom('pageCount', 'rating'),
    descending: fc.boolean(),
    atLeast: fc.integer({ min: 0, max: 2 }),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Stub = Awaited<ReturnType<typeof library>>['stub'];

/** What a list must be, by a sort that shares nothing with the repository's. */
function expected(model: Map<string, Book>, asked: Step & { what: 'list' }): string[] {
  const rank = (each: Book): number => {
    if (asked.by === 'pageCount') return each.pageCount;
    const { rating } = each;
    return rating === undefined ? -2 : Number.isNaN(rating) ? -1 : rating;
  };
  const sign = asked.descending ? -1 : 1;
  return [...model.values()]
    .filter(({ pageCount }) => pageCount >= asked.atLeast)
    .sort((a, b) => sign * (rank(a) - rank(b)) || a.id.localeCompare(b.id))
    .map((each) => each.id);
}

async function listed(stub: Stub, asked: Step & { what: 'list' }): Promise<string[][]> {
  const question = {
    filter: { pageCount: { atLeast: asked.atLeast } },
    orderBy: `${asked.by}${asked.descending ? ' desc' : ''}`,
  };
  const paged: string[] = [];
  let pageToken = '';
  do {
    const page = await stub.list({ ...question, pageSize: asked.pageSize, pageToken });
    expect(page.items.length).toBeLessThanOrEqual(asked.pageSize);
    paged.push(...page.items.map((each) => each.id));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  const streamed = await collect(stub.stream(question));
  return [paged, streamed.map((each) => each.id)];
}

async function take(stub: Stub, model: Map<string, Book>, each: Step): Promise<void> {
  if (each.what === 'list') {
    const right = expected(model, each);
    expect(await listed(stub, each)).toEqual([right, right]);
    return;
  }
  const key = each.what === 'delete' ? each.id : each.item.id;
  const old = model.get(key);
  const ended = await perform(stub, each).then(
    () => 'OK',
    (error: unknown) => (RpcError.is(error) ? error.message.split(':')[0] : error),
  );
  if (each.what === 'create') {
    expect(ended).toBe(old === undefined ? 'OK' : 'ALREADY_EXISTS');
    if (old === undefined) model.set(key, book(each.item));
    return;
  }
  expect(ended).toBe(old === undefined ? 'NOT_FOUND' : 'OK');
  if (old === undefined) return;
  if (each.what === 'delete') model.delete(key);
  else {
    const { rating, pageCount } = each.item;
    const changed = {
      ...old,
      ...(each.paths.includes('rating') ? { rating } : {}),
      ...(each.paths.includes('page_count') ? { pageCount } : {}),
    };
    model.set(key, book(changed));
    expect(await stub.get({ id: key })).toEqual(book(changed));
  }
}

async function perform(stub: Stub, each: Exclude<Step, { what: 'list' }>): Promise<void> {
  if (each.what === 'create') await stub.create({ item: each.item });
  else if (each.what === 'delete') await stub.delete({ id: each.id });
  else await stub.update({ item: each.item, updateMask: { paths: each.paths } });
}

it('does what a Map does, page by page and in one stream', async () => {
  const { stub } = await library(new MemoryRepository<Book, 'id'>('id'));
  const present = async (): Promise<string[]> =>
    (await collect(stub.stream({}))).map((each) => each.id);
  const run = async (steps: Step[]): Promise<void> => {
    for (const left of await present()) await stub.delete({ id: left });
    const model = new Map<string, Book>();
    for (const each of steps) await take(stub, model, each);
    expect(await present()).toEqual([...model.keys()].sort());
  };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), run),
    {
      numRuns: 60,
    },
  );
}, 30_000);
