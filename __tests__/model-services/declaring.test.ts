import { expect, it } from '@jest/globals';
import { crudService, field, MemoryRepository, message, Server, wellKnown } from 'tributary';
import { printed } from '../code-first/print.js';
import { Book, Books, book, type Shelf } from './library.js';

const shelf = new MemoryRepository<Book, 'id'>('id');

it('is a service as any other: it has a .proto, and is not to be changed', () => {
  const text = printed(Books);
  expect(Books.schema?.files.map(({ source }) => source)).toContain(text);
  for (const line of [
    'rpc ListBooks (ListBooksRequest) returns (ListBooksResponse);',
    'rpc StreamBooks (StreamBooksRequest) returns (stream Book);',
    'rpc GetBook (GetBookRequest) returns (Book);',
    'rpc CreateBook (CreateBookRequest) returns (Book);',
    'rpc UpdateBook (UpdateBookRequest) returns (Book);',
    'rpc DeleteBook (DeleteBookRequest) returns (google.protobuf.Empty);',
    'PageCount page_count = 3;',
    'optional int64 at_least = 2;',
  ]) {
    expect(text).toContain(line);
  }
  expect(Object.keys(Books)).toEqual(expect.arrayContaining(['name', 'methods', 'handlers']));
  expect(Object.isFrozen(Books)).toBe(true);
});

it('is served beside another of its kind', () => {
  const Author = message('Author', { key: field.int64(1), name: field.string(2) });
  const Writers = crudService('library.v1.Writers', Author, { key: 'key', plural: 'Authors' });
  expect(Writers.methods.list.path).toBe('/library.v1.Writers/ListAuthors');
  const server = new Server()
    .add(Books, Books.handlers(shelf))
    .add(Writers, Writers.handlers(new MemoryRepository('key')));
  expect(server.services).toEqual([Books, Writers]);
});

it('refuses what no service can be made of', () => {
  const make =
    (change: { [option: string]: unknown }, type: unknown = Book) =>
    () =>
      crudService('a.Books', type as typeof Book, { key: 'id', ...change } as { key: 'id' });
  expect(make({ key: 'name' })).toThrow(/key must name a text or a whole number.*got 'name'/);
  for (const key of ['rating', 'tags', 'reader', 'inPrint', 'genre', undefined]) {
    expect(make({ key })).toThrow(TypeError);
  }
  expect(make({ sort: 1 })).toThrow("has no option 'sort'");
  expect(make({ plural: 'all books' })).toThrow("plural must be a name such as 'Books'");
  expect(make({}, { encode: 1 })).toThrow('takes a message made by message()');
  expect(make({}, wellKnown.Empty)).toThrow('key must name');
  expect(() => crudService('books', Book, { key: 'id' })).toThrow(TypeError);
});

it('refuses what no handlers can be made of', () => {
  const handlers = (options: { [option: string]: unknown }) => () =>
    Books.handlers(shelf, options as { pageSize: number });
  expect(handlers({ key: 'id' })).toThrow("library.v1.Books handlers() has no option 'key'");
  expect(handlers({ pageSize: 0 })).toThrow(RangeError);
  expect(handlers({ pageSize: '5' })).toThrow(/pageSize must be a number, got '5'/);
  expect(handlers({ maxPageSize: Infinity })).toThrow('maxPageSize must be finite');
  expect(handlers({ newKey: 'x' })).toThrow(/newKey must be a function/);
  for (const none of [undefined, {}, { get: 1 }]) {
    const make = () => Books.handlers(none as unknown as Shelf);
    expect(make).toThrow('takes a repository with get, create, update, delete, find, got');
  }
  const twice = [book({ id: 'a' }), book({ id: 'a' })];
  expect(() => new MemoryRepository<Book, 'id'>('id', twice)).toThrow("two rows whose id is 'a'");
  const unnamed = () => new MemoryRepository<Book, 'id'>(undefined as unknown as 'id');
  expect(unnamed).toThrow('takes the name of its key field');
});
