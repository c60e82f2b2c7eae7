import { type Client, connect, RpcError, type Stub, statusName } from 'tributary';
import type { Say } from '../say.js';
import { Catalog, Category, type Product } from './service.js';

type CatalogStub = Stub<(typeof Catalog)['methods']>;

const { CATEGORY_TEA, CATEGORY_CUP } = Category.numbers;

export async function run(client: Client, say: Say) {
  const stub = client.stub(Catalog);
  const pages = await listCheapTea(stub, say);
  const changes = await createAndChange(stub, say);
  const streamed = await streamSome(stub, say);
  return { pages, ...changes, streamed };
}

async function listCheapTea(stub: CatalogStub, say: Say): Promise<Product[][]> {
  say('#', 'ListProducts: tea for 2.00 at most, the dearest first, in pages');
  const filter = { category: { equals: CATEGORY_TEA }, price: { atMost: 200 } };
  const pages: Product[][] = [];
  let pageToken = '';
  do {
    const page = await stub.list({ filter, orderBy: 'price desc', pageSize: 20, pageToken });
    pages.push(page.items);
    pageToken = page.nextPageToken;
    say('←', `${page.items.length} products, ${priceOf(page.items[0])} and less`);
  } while (pageToken !== '');
  return pages;
}

async function createAndChange(stub: CatalogStub, say: Say) {
  say('#', 'CreateProduct, twice');
  const item = {
    id: 'blue-cup',
    name: 'Blue cup',
    category: CATEGORY_CUP,
    price: 800,
    weight: 0.3,
  };
  const created = await stub.create({ item });
  say('←', `${created.name}, ${priceOf(created)}`);
  const exists = await refusal(stub.create({ item: { ...item, price: 1 } }), say);

  say('#', 'UpdateProduct: what the mask names is changed, and nothing else');
  const updateMask = { paths: ['price', 'weight'] }; // the item has no weight: it will have none
  const updated = await stub.update({ item: { id: item.id, name: '?', price: 750 }, updateMask });
  say('←', `${updated.name}, ${priceOf(updated)}, ${updated.weight ?? 'no'} kg`);

  say('#', 'DeleteProduct, and then GetProduct');
  await stub.delete({ id: item.id });
  const missing = await refusal(stub.get({ id: item.id }), say);
  return { created, exists, updated, missing };
}

async function streamSome(stub: CatalogStub, say: Say): Promise<number> {
  say('#', 'StreamProducts: rows are read as the client takes them; it leaves after five');
  let count = 0;
  for await (const product of stub.stream({ orderBy: 'price' })) {
    say('←', `${product.name}, ${priceOf(product)}`);
    count += 1;
    if (count === 5) break;
  }
  return count;
}

async function refusal(call: Promise<unknown>, say: Say): Promise<RpcError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!RpcError.is(error)) throw error;
    say('✗', `${statusName(error.code)}: ${error.details}`);
    return error;
  }
}

const priceOf = (product: Product | undefined): string => ((product?.price ?? 0) / 100).toFixed(2);

// tsx samples/catalog/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
