/** Type tests of model services: as `surface.ts`, this file only has to compile. */
import {
  type Client,
  crudService,
  field,
  type ListResponse,
  MemoryRepository,
  type MessageOf,
  message,
  type Repository,
  type Server,
  wellKnown,
} from 'tributary';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function isTrue<_T extends true>(): void {}

declare const client: Client;
declare const server: Server;

const Car = message('Car', {
  id: field.int64(1),
  name: field.string(2),
  seats: field.int32(3).optional(),
  parts: field.string(4).repeated(),
  built: field.message(wellKnown.Timestamp, 5),
});
type Car = MessageOf<typeof Car>;
declare const cars: Repository<Car, bigint>;
const Cars = crudService('cars.v1.Cars', Car, { key: 'id' });

export async function stubs(): Promise<void> {
  const stub = client.stub(Cars);
  const page = await stub.list({ filter: { seats: { atLeast: 4 }, id: { equals: 5 } } });
  isTrue<Equal<typeof page, ListResponse<Car>>>();
  const got = await stub.get({ id: 5 });
  isTrue<Equal<typeof got, Car>>();
  await stub.update({ item: { id: 5, built: { seconds: 1 } }, updateMask: { paths: ['built'] } });
  for await (const { parts } of stub.stream({ orderBy: 'name' }))
    isTrue<Equal<typeof parts, string[]>>();
  // @ts-expect-error -- no such field
  void stub.list({ filter: { wheels: { equals: 4 } } });
  // @ts-expect-error -- a list cannot be compared
  void stub.list({ filter: { parts: { equals: 'door' } } });
  // @ts-expect-error -- no such comparison
  void stub.list({ filter: { name: { like: 'x' } } });
  // @ts-expect-error -- a number is no name
  void stub.list({ filter: { name: { equals: 4 } } });
  // @ts-expect-error -- the key is a number
  void stub.get({ id: 'a' });
  // @ts-expect-error -- rows are found by id
  void stub.get({ name: 'a' });
}

export function services(): void {
  const handlers = Cars.handlers(cars, { newKey: () => 5n, pageSize: 10 });
  server.add(Cars, handlers);
  server.add(Cars, { ...handlers, get: ({ id }) => ({ id, name: '', parts: [] }) });
  // @ts-expect-error -- the service alone answers nothing
  server.add(Cars);
  // @ts-expect-error -- keys are numbers
  Cars.handlers(cars, { newKey: () => 'a' });
  // @ts-expect-error -- another kind of row
  Cars.handlers(new MemoryRepository<{ id: bigint }, 'id'>('id'));
  // @ts-expect-error -- these rows are found by a text
  Cars.handlers(new MemoryRepository<Car, 'name'>('name'));
  // @ts-expect-error -- a key is there in every row
  crudService('cars.v1.Cars', Car, { key: 'seats' });
  // @ts-expect-error -- there is no such field
  crudService('cars.v1.Cars', Car, { key: 'number' });
  // @ts-expect-error -- that is said with the handlers
  crudService('cars.v1.Cars', Car, { key: 'id', newKey: () => 5n });
}
