import { Server } from 'tributary';
import { addProducts, openDatabase } from './products.js';
import { Catalog, type Product } from './service.js';
import { SqlRepository } from './sql-repository.js';

const COUNT = 10_000;

export function addCatalog(server: Server, log: (line: string) => void = console.log): void {
  const db = openDatabase();
  addProducts(db, COUNT);
  const repository = new SqlRepository<Product, 'id'>(db, 'products', 'id');
  const handlers = Catalog.handlers(repository, { maxPageSize: 100 });

  server.add(Catalog, {
    ...handlers,
    // Any handler can be replaced by one of your own. This one counts the rows that are read.
    async *stream(request, ctx) {
      let read = 0;
      try {
        for await (const product of handlers.stream(request, ctx)) {
          read += 1;
          yield product;
        }
      } finally {
        log(`StreamProducts: ${read} of ${COUNT} rows were read from the table`);
      }
    },
  });
}

// tsx samples/catalog/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addCatalog(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The catalog listens on ${address}`);
}
