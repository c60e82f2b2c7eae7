import {
  type Client,
  type CrudHandlers,
  connect,
  crudService,
  enumType,
  field,
  MemoryRepository,
  type MessageOf,
  message,
  oneof,
  type Repository,
  Server,
} from 'tributary';
import { plainOptions, type TransportName, whenOver } from '../stories/harness.js';

const Genre = enumType('Genre', { GENRE_UNSPECIFIED: 0, GENRE_NOVEL: 1 });
export const Book = message('Book', {
  id: field.string(1),
  title: field.string(2),
  pageCount: field.int32(3),
  copies: field.int64(4),
  rating: field.double(5).optional(),
  genre: field.enum(Genre, 6),
  tags: field.string(7).repeated(),
  lent: oneof({ reader: field.string(8), library: field.int32(9) }),
  inPrint: field.bool(10),
  cover: field.bytes(11),
});
export type Book = MessageOf<typeof Book>;
export const Books = crudService('library.v1.Books', Book, { key: 'id' });
export type Shelf = Repository<Book, string>;

/** A whole book of what is given of it. */
export function book(of: Parameters<typeof Book.encode>[0]): Book {
  return Book.decode(Book.encode(of));
}

interface Serving {
  /** 'memory' unless given. */
  readonly over?: TransportName;
  readonly onError?: (error: unknown) => void;
}

/** Rows of a test, over the memory transport or another. */
export async function library(
  repository: Shelf = new MemoryRepository<Book, 'id'>('id'),
  { newKey, ...options }: Serving & { readonly newKey?: () => string } = {},
) {
  const handlers = Books.handlers(repository, { newKey, pageSize: 3, maxPageSize: 5 });
  const client = await serving(
    (server) => server.add(Books, handlers satisfies CrudHandlers<Book, 'id'>),
    options,
  );
  return { stub: client.stub(Books) };
}

/** A client of a server with what is added, until the test is over. */
export async function serving(
  add: (server: Server) => void,
  { over = 'memory', onError }: Serving = {},
): Promise<Client> {
  const sides = plainOptions(over);
  const server = new Server({ ...sides, onError });
  add(server);
  whenOver(() => server.close({ grace: 0 }));
  const { address } = await server.listen('127.0.0.1:0');
  const client = connect(address, sides);
  whenOver(() => client.close({ grace: 0 }));
  return client;
}
