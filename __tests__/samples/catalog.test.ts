import { expect, test } from '@jest/globals';
import type { Database } from 'sql.js';
import { Status } from 'tributary';
import { run } from '../../samples/catalog/client.js';
import { addProducts, openDatabase } from '../../samples/catalog/products.js';
import { addCatalog } from '../../samples/catalog/server.js';
import { Catalog, type Product } from '../../samples/catalog/service.js';
import { SqlRepository } from '../../samples/catalog/sql-repository.js';
import { printedAnew } from '../code-first/print.js';
import { product, query } from '../model-services/repository-contract.js';
import { rejection } from '../stories/harness.js';
import { withServer } from './with-server.js';

test('catalog: pages, changes and a stream that is left early, over a database', async () => {
  const log: string[] = [];
  const { seen, said } = await withServer(
    (server) => addCatalog(server, (line) => log.push(line)),
    run,
  );
  expect(seen.pages.map((page) => page.length)).toEqual([20, 14]);
  const found = seen.pages.flat();
  expect(new Set(found.map(({ id }) => id)).size).toBe(34);
  expect(found.every(({ category, price }) => category === 1 && price <= 200)).toBe(true);
  const prices = found.map(({ price }) => price);
  expect(prices).toEqual([...prices].sort((a, b) => b - a));

  expect(seen.exists).toMatchObject({
    code: Status.ALREADY_EXISTS,
    details: "Product 'blue-cup' exists already",
  });
  expect(seen.updated).toEqual({ ...seen.created, price: 750, weight: undefined });
  expect(seen.missing).toMatchObject({
    code: Status.NOT_FOUND,
    details: "there is no Product 'blue-cup'",
  });

  expect(seen.streamed).toBe(5);
  expect(said.at(-1)).toMatch(/^← Mug no\. 7916, 1\.04$/);
  expect(log).toEqual([expect.stringMatching(/^StreamProducts: \d+ of 10000 rows/)]);
  // What the client took, and what fits into the buffers between: 1 KB a row.
  const read = Number(/\d+/.exec(log[0]!)?.[0]);
  expect(read).toBeGreaterThanOrEqual(5);
  expect(read).toBeLessThan(2_000);
});

test('catalog: the .proto is as the code is', () => {
  const { found, files, problems, breaking } = printedAnew(Catalog, 'proto');
  expect({ problems, breaking }).toEqual({ problems: [], breaking: [] });
  expect([...files.keys()]).toEqual(['catalog/v1/catalog.proto']);
  for (const [path, text] of files) expect(found.get(path)).toBe(text);
});

/** A table of three, and how many statements and rows it has given. */
function watched() {
  const db = openDatabase();
  addProducts(db, 3);
  const counts = { open: 0, steps: 0 };
  const prepare = db.prepare.bind(db);
  db.prepare = (...args: Parameters<Database['prepare']>) => {
    const statement = prepare(...args);
    const { step, free } = statement;
    counts.open += 1;
    statement.step = () => {
      counts.steps += 1;
      return step.call(statement);
    };
    statement.free = () => {
      counts.open -= 1;
      return free.call(statement);
    };
    return statement;
  };
  return { db, counts, repository: new SqlRepository<Product, 'id'>(db, 'products', 'id') };
}

test('SqlRepository: a cursor reads what is asked for, and is closed however it ends', async () => {
  const { counts, repository } = watched();
  const rows = repository.find(query({}));
  expect(counts).toEqual({ open: 0, steps: 0 });
  await rows.next();
  await rows.next();
  expect(counts).toEqual({ open: 1, steps: 2 });
  await rows.return();
  expect(counts).toEqual({ open: 0, steps: 2 });
  for await (const { id } of repository.find(query({}))) expect(id).toMatch(/^p-0000[1-3]$/);
  expect(counts).toEqual({ open: 0, steps: 6 });
  const failing = repository.find(query({}));
  await failing.next();
  await expect(failing.throw(new Error('enough'))).rejects.toThrow('enough');
  expect(counts.open).toBe(0);
});

test('SqlRepository: other methods leave no statement behind, whatever becomes of them', async () => {
  const { db, counts, repository } = watched();
  await repository.get('p-00001');
  await repository.create(product({ id: 'p-00001' }));
  await repository.update('p-00001', { name: 'x' });
  await repository.delete('p-00001');
  expect(await rejection(repository.create(product({ id: 'n', weight: NaN })))).toMatchObject({
    code: Status.INVALID_ARGUMENT,
    details: 'NaN cannot be stored',
  });
  expect(await rejection(repository.update('p-00002', { weight: NaN }))).toMatchObject({
    code: Status.INVALID_ARGUMENT,
  });
  const filter = [{ field: 'weight', test: 'atMost', value: NaN }] as const;
  for await (const { id } of repository.find(query({ filter }))) throw new Error(id);
  db.run('DROP TABLE products');
  expect(String(await rejection(repository.get('p-00002')))).toMatch('no such table');
  expect(counts.open).toBe(0);
});
