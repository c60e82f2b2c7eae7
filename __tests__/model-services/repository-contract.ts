import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Repository, RowQuery, SomeFields } from 'tributary';
import { Product } from '../../samples/catalog/service.js';
import { collect } from '../stories/harness.js';

export type Products = Repository<Product, string>;

/** What every repository promises; each test gets an empty one. */
export function testRepository(name: string, make: () => Products): void {
  describe(`${name} as a repository`, () => {
    it('does what a list does', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
          async (steps) => {
            const repository = make();
            const model = new Map<string, Product>();
            for (const each of steps) await take(repository, model, each);
          },
        ),
        { numRuns: 100 },
      );
    }, 30_000);

    it('keeps texts as they are', async () => {
      const repository = make();
      const texts = ["Robert'); DROP TABLE products;--", '"', 'a\0b', '', '\u{1F375} thé', '?'];
      for (const id of texts) {
        await repository.create(product({ id: `.${id}`, name: id }));
        const [found] = await collect(repository.find(query({ filter: [equals('name', id)] })));
        expect(found).toEqual(product({ id: `.${id}`, name: id }));
      }
      expect(await collect(repository.find(query({})))).toHaveLength(texts.length);
    });

    it('lets find go on while rows come, change and go', async () => {
      const repository = make();
      for (const id of ['a', 'b', 'c', 'd']) await repository.create(product({ id }));
      const rows = repository.find(query({}))[Symbol.asyncIterator]();
      expect((await rows.next()).value.id).toBe('a');
      await repository.delete('a');
      await repository.delete('c');
      await repository.update('b', { name: 'changed' });
      await repository.create(product({ id: 'A' }));
      expect((await rows.next()).value.id).toBe('b');
      await rows.return?.();
      expect(await rows.next()).toEqual({ done: true, value: undefined });
      const left = await collect(repository.find(query({})));
      expect(left.map(({ id }) => id)).toEqual(['A', 'b', 'd']);
    });

    it('answers several finds at a time', async () => {
      const repository = make();
      for (const id of ['a', 'b', 'c']) await repository.create(product({ id }));
      const up = repository.find(query({}))[Symbol.asyncIterator]();
      const down = repository.find(query({ order: by('id', true) }))[Symbol.asyncIterator]();
      const seen: string[] = [];
      for (let i = 0; i < 3; i += 1) {
        for (const rows of [up, down]) seen.push((await rows.next()).value.id);
      }
      expect(seen.join('')).toBe('acbbca');
    });
  });
}

/** A whole row of what is given of it. */
export function product(of: Parameters<typeof Product.encode>[0]): Product {
  return Product.decode(Product.encode(of));
}

/** All rows by their ids, but for what is asked. */
export function query(asked: Partial<RowQuery<Product>>): RowQuery<Product> {
  const { signal } = new AbortController();
  return { filter: [], order: by('id'), after: undefined, limit: undefined, signal, ...asked };
}

function by(field: keyof Product, descending = false): RowQuery<Product>['order'] {
  return [{ field, descending }];
}

function equals(field: keyof Product, value: string): RowQuery<Product>['filter'][number] {
  return { field, test: 'equals', value };
}

const fields = {
  name: fc.constantFrom('', 'Assam', 'assam', 'Ässam', '茶'),
  category: fc.nat(2),
  price: fc.constantFrom(0, 1, 2 ** 32 - 1),
  weight: fc.constantFrom(undefined, 0, 0.1, 2),
};
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const row = fc.record({ id, ...fields }).map(product);
const condition = fc.oneof(
  ...(['name', 'category', 'price', 'weight'] as const).map((field) =>
    fc.record({
      field: fc.constant(field),
      test: fc.constantFrom('equals', 'atLeast', 'above', 'atMost', 'below'),
      value: fields[field].map((value) => value ?? 1),
    }),
  ),
);
/** Ends with the key, as every order does. */
const order = fc
  .uniqueArray(
    fc.record({
      field: fc.constantFrom('name', 'category', 'price', 'weight'),
      descending: fc.boolean(),
    }),
    { maxLength: 3, selector: ({ field }) => field },
  )
  .chain((first) =>
    fc.boolean().map((descending) => [...first, { field: 'id', descending } as const]),
  );
const step = fc.oneof(
  fc.record({ what: fc.constant('create' as const), row }),
  fc.record({
    what: fc.constant('update' as const),
    id,
    changes: fc.record(fields, { requiredKeys: [] }),
  }),
  fc.record({ what: fc.constant('delete' as const), id }),
  fc.record({
    what: fc.constant('find' as const),
    filter: fc.array(condition, { maxLength: 2 }),
    order,
    after: fc.option(row, { nil: undefined }),
    limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Find = Step & { what: 'find' };

async function take(repository: Products, model: Map<string, Product>, each: Step): Promise<void> {
  if (each.what === 'find') {
    const found = await collect(repository.find(query(each as Partial<RowQuery<Product>>)));
    expect(found).toEqual(expected([...model.values()], each));
    return;
  }
  const key = each.what === 'create' ? each.row.id : each.id;
  const old = model.get(key);
  expect(await repository.get(key)).toEqual(old);
  if (each.what === 'create') {
    expect(await repository.create(each.row)).toEqual(old === undefined ? each.row : undefined);
    if (old === undefined) model.set(key, each.row);
  } else if (each.what === 'update') {
    const changed = old && { ...old, ...(each.changes as SomeFields<Product>) };
    expect(await repository.update(key, each.changes)).toEqual(changed);
    if (changed !== undefined) model.set(key, changed as Product);
  } else {
    expect(await repository.delete(key)).toBe(old !== undefined);
    model.delete(key);
  }
}

/** What must be found, in words that share nothing with the repositories'. */
function expected(rows: Product[], { filter, order, after, limit }: Find): Product[] {
  const fulfils = (each: Product): boolean =>
    filter.every(({ field, test, value }) => {
      const actual = each[field];
      if (actual === undefined) return false;
      if (actual === value) return test === 'equals' || test === 'atLeast' || test === 'atMost';
      return actual > value
        ? test === 'atLeast' || test === 'above'
        : /^(atMost|below)$/.test(test);
    });
  const precedes = (a: Product, b: Product): boolean => {
    const first = order.find(
      ({ field }) => a[field as keyof Product] !== b[field as keyof Product],
    );
    if (first === undefined) return false;
    const [x, y] = [a[first.field as keyof Product], b[first.field as keyof Product]];
    const isLess = y !== undefined && (x === undefined || x < y);
    return first.descending ? !isLess : isLess;
  };
  const found = rows.filter((each) => fulfils(each) && (!after || precedes(after, each)));
  return found.sort((a, b) => (precedes(a, b) ? -1 : 1)).slice(0, limit);
}
