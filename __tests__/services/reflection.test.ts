import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import {
  addHealth,
  addReflection,
  type Client,
  EOF,
  loadService,
  MemoryTransport,
  type ReadWriteStream,
  Server,
  Status,
} from 'tributary';
import {
  type ReflectionRequest,
  type ReflectionResponse,
  reflectionService,
} from '../../lib/services/reflection/reflection-service.js';
import { link, readDescriptors } from '../schema/descriptors/linked.js';
import { rejection, rig, soon, TRANSPORTS, type TransportName } from '../stories/harness.js';

const includeDirs = [fileURLToPath(new URL('../schema/descriptors/proto/', import.meta.url))];
const Three = await loadService('everything3.proto', 'every.three.Three', { includeDirs });
const Two = await loadService('everything2.proto', 'every.two.Two', { includeDirs });

/** A question, without the host. */
type Question = Partial<ReflectionRequest>;
type Stream = ReadWriteStream<ReflectionResponse, ReflectionRequest>;

/** A server with a service by hand and one of files, and its answers. */
async function reflected(name: TransportName, version: 'v1' | 'v1alpha' = 'v1') {
  const started = await rig(name, {});
  addReflection(started.server.add(Three, { clear: () => ({}) } as never));
  return { ...started, ...asking(started.client, version) };
}

function asking(client: Client, version: 'v1' | 'v1alpha') {
  const stub = client.stub(reflectionService(version));
  const open = () => stub.serverReflectionInfo();
  const askOn = async (stream: Stream, question: Question) => {
    await stream.write({ host: '', ...question });
    const answer = await soon(stream.read(), 'an answer');
    if (answer === EOF) throw new Error('the stream has ended');
    return answer;
  };
  /** Asks on a stream of its own. */
  const ask = async (question: Question) => {
    const stream = open();
    const answer = await askOn(stream, question);
    await stream.doneWriting();
    expect(await soon(stream.read(), 'the end')).toBe(EOF);
    return answer;
  };
  /** The names of the files that are the answer. */
  const files = async (question: Question, stream?: Stream) => {
    const answer = await (stream === undefined ? ask(question) : askOn(stream, question));
    return readDescriptors(filesIn(answer)).map((file) => file.name);
  };
  return { open, ask, askOn, files };
}

function filesIn(answer: ReflectionResponse): readonly Uint8Array[] {
  if (!('fileDescriptorResponse' in answer)) throw new Error(JSON.stringify(answer));
  return answer.fileDescriptorResponse.fileDescriptorProto;
}

const notFound = (errorMessage: string) => ({
  errorResponse: { errorCode: Status.NOT_FOUND, errorMessage },
});

describe.each(TRANSPORTS)('reflection over %s', (name) => {
  it.each(['v1', 'v1alpha'] as const)('lists the services, with %s', async (version) => {
    const { ask } = await reflected(name, version);
    const request = { host: 'here', listServices: '*' };
    expect(await ask(request)).toEqual({
      validHost: 'here',
      originalRequest: request,
      listServicesResponse: {
        service: [
          { name: 'test.Stories' },
          { name: 'every.three.Three' },
          { name: 'grpc.reflection.v1.ServerReflection' },
          { name: 'grpc.reflection.v1alpha.ServerReflection' },
        ],
      },
    });
  });

  it('sends a file with all that it needs to be linked, each once a stream', async () => {
    const { open, askOn, files } = await reflected(name);
    const stream = open();
    const answer = await askOn(stream, { fileContainingSymbol: 'every.three.Three' });
    const registry = link(readDescriptors(filesIn(answer)));
    expect(registry.getService('every.three.Three')?.method.up?.methodKind).toBe(
      'client_streaming',
    );
    expect([...registry.files]).toHaveLength(11);
    expect(await files({ fileByFilename: 'everything2.proto' }, stream)).toEqual([
      'everything2.proto',
    ]);
    expect(await files({ fileByFilename: 'everything2.proto' })).toHaveLength(3);
    await stream.doneWriting();
    expect(await soon(stream.read(), 'the end')).toBe(EOF);
  });

  it('says that there is no .proto of a service by hand', async () => {
    const { ask } = await reflected(name);
    const why = 'test.Stories is written by hand, with codecs of its own: it has no .proto';
    for (const symbol of ['test.Stories', 'test.Stories.Unary']) {
      expect(await ask({ fileContainingSymbol: symbol })).toMatchObject(notFound(why));
    }
  });

  it('tells of services that are added later', async () => {
    const { ask, files, server } = await reflected(name);
    const health = { fileContainingSymbol: 'grpc.health.v1.Health.Check' };
    expect(await ask(health)).toMatchObject(
      notFound('there is no symbol grpc.health.v1.Health.Check'),
    );
    addHealth(server);
    expect(await files(health)).toEqual(['grpc/health/v1/health.proto']);
  });

  it('refuses a question of no kind', async () => {
    const { open } = await reflected(name);
    const stream = open();
    await stream.write({ host: '' });
    expect(await rejection(stream.read())).toMatchObject({
      code: Status.INVALID_ARGUMENT,
      details: 'the reflection request asks for nothing known',
    });
  });

  it('does not hold up a server that closes', async () => {
    const { open, askOn, server } = await reflected(name);
    const stream = open();
    await askOn(stream, { listServices: '' });
    const closed = server.close({ grace: 20_000 });
    expect(await rejection(stream.read())).toMatchObject({
      code: Status.UNAVAILABLE,
      details: 'the server is shutting down',
    });
    await soon(closed, 'the server to close');
  });
});

describe('what can be asked for', () => {
  it.each([
    ['a service', 'every.three.Three', 'everything3.proto'],
    ['with a leading dot', '.every.three.Three', 'everything3.proto'],
    ['a method', 'every.three.Three.Up', 'everything3.proto'],
    ['a message', 'every.two.Holder', 'everything2.proto'],
    ['a nested message', 'every.two.Holder.Inner', 'everything2.proto'],
    ['a nested enum', 'every.two.Holder.Inner.Depth', 'everything2.proto'],
    ['a value of it', 'every.two.Holder.Inner.DEEP', 'everything2.proto'],
    ['an enum', 'every.two.Kind', 'everything2.proto'],
    ['a field', 'every.three.message.maybe', 'everything3.proto'],
    ['a oneof', 'every.three.message.which', 'everything3.proto'],
    ['an extension', 'every.two.note', 'everything2.proto'],
    ['a nested extension', 'every.two.Holder.nested_note', 'everything2.proto'],
    ['an imported message', 'common.Money', 'common/money.proto'],
    ['a well-known type', 'google.protobuf.Struct', 'google/protobuf/struct.proto'],
  ])('%s', async (_what, symbol, file) => {
    const { files } = await reflected('memory');
    expect((await files({ fileContainingSymbol: symbol }))[0]).toBe(file);
  });

  it('extensions', async () => {
    const { ask, files } = await reflected('memory');
    const extension = (containingType: string, extensionNumber: number) => ({
      fileContainingExtension: { containingType, extensionNumber },
    });
    const found = await files(extension('every.two.Extended', 110));
    expect(found[0]).toBe('everything2.proto');
    expect(await ask(extension('every.two.Extended', 111))).toMatchObject(
      notFound('every.two.Extended has no extension 111'),
    );
    const numbers = (type: string) => ask({ allExtensionNumbersOfType: type });
    expect(await numbers('every.two.Extended')).toMatchObject({
      allExtensionNumbersResponse: {
        baseTypeName: 'every.two.Extended',
        extensionNumber: [100, 101, 102, 103, 110],
      },
    });
    expect(await numbers('every.two.Holder')).toMatchObject({
      allExtensionNumbersResponse: { baseTypeName: 'every.two.Holder', extensionNumber: [] },
    });
    expect(await numbers('nobody.Knows')).toMatchObject(
      notFound('there is no message nobody.Knows'),
    );
  });

  it.each([
    [{ fileByFilename: 'nowhere.proto' }, 'there is no file nowhere.proto'],
    [{ fileContainingSymbol: 'every.three' }, 'there is no symbol every.three'],
    [{ fileContainingSymbol: '' }, 'there is no symbol '],
    [{ fileContainingSymbol: 'constructor' }, 'there is no symbol constructor'],
  ])('but not %j', async (question, why) => {
    const { ask } = await reflected('memory');
    expect(await ask(question)).toMatchObject(notFound(why));
  });

  it('services of several schemas that share files', async () => {
    const { files, server } = await reflected('memory');
    server.add(Two, { get: () => ({}) } as never);
    expect(await files({ fileContainingSymbol: 'every.two.Two' })).toHaveLength(3);
    expect(await files({ fileContainingSymbol: 'every.three.Three' })).toHaveLength(11);
  });
});

it('refuses what is no server, and to be added twice', () => {
  expect(() => addReflection(null as never)).toThrow('addReflection() takes a Server, got null');
  const server = new Server({ transport: new MemoryTransport() });
  expect(addReflection(server)).toBe(server);
  expect(() => addReflection(server)).toThrow('has a handler already');
});
