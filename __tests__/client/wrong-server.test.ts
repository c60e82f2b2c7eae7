import { Server as GrpcServer, type Metadata, ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { bytes, connect, EOF, Server, Status, serverStream, service, unary } from 'tributary';
import {
  PLAIN_TRANSPORTS,
  plainOptions,
  rejection,
  rig,
  Stories,
  type StoryStub,
  soon,
  type TransportName,
  whenOver,
} from '../stories/harness.js';

/** What a grpc-js handler of a bidi method has to do with here. */
interface RawCall {
  write(bytes: Buffer): void;
  end(trailers?: Metadata): void;
  emit(event: 'error', error: unknown): void;
  resume(): void;
}

/** A stub whose server answers every method as it likes, whatever the method's shape. */
async function wrongServer(
  name: TransportName,
  answer: (call: RawCall) => void,
): Promise<StoryStub> {
  const server = new GrpcServer();
  whenOver(() => server.forceShutdown());
  const same = (bytes: Buffer): Buffer => bytes;
  for (const { path } of Object.values(Stories.methods)) {
    const handler = (call: RawCall): void => {
      call.resume();
      answer(call);
    };
    server.register(path, handler as never, same, same, 'bidi');
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = connect(`127.0.0.1:${port}`, plainOptions(name));
  whenOver(() => client.close());
  return client.stub(Stories);
}

describe.each(['grpc', 'http2'] as const)('a server that answers wrongly over %s', (name) => {
  it.each([0, 2, 3])('%i replies where there is one are UNIMPLEMENTED', async (count) => {
    const stub = await wrongServer(name, (call) => {
      for (let n = 0; n < count; n += 1) call.write(Buffer.from(`{"n":${n}}`));
      call.end();
    });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNIMPLEMENTED });
    const stream = stub.clientStream([{ n: 1 }]);
    expect(await rejection(stream.read())).toMatchObject({ code: Status.UNIMPLEMENTED });
    expect(await rejection(stream.response())).toMatchObject({ code: Status.UNIMPLEMENTED });
    expect(await stream.status()).toMatchObject({ code: Status.UNIMPLEMENTED });
  });

  it('a reply before an error is not released', async () => {
    const stub = await wrongServer(name, (call) => {
      call.write(Buffer.from('{"n":1}'));
      call.emit('error', { code: Status.NOT_FOUND, details: 'after all' });
    });
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.NOT_FOUND });
    expect(await rejection(stub.clientStream([]).read())).toMatchObject({ code: Status.NOT_FOUND });
  });

  it('a reply that is not ended by a status is not released either', async () => {
    const stub = await wrongServer(name, (call) => call.write(Buffer.from('{"n":1}')));
    expect(await rejection(stub.unary({ n: 1 }, { timeout: 60 }))).toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
  });

  it('a reply that cannot be decoded is INTERNAL, those before it are delivered', async () => {
    const stub = await wrongServer(name, (call) => {
      call.write(Buffer.from('{"n":1}'));
      call.write(Buffer.from('{"n":'));
      call.write(Buffer.from('{"n":3}'));
      call.end();
    });
    const stream = stub.serverStream({ n: 0 });
    expect(await stream.read()).toEqual({ n: 1 });
    expect(await rejection(stream.read())).toMatchObject({ code: Status.INTERNAL });
    expect(await rejection(stream.read())).toMatchObject({ code: Status.INTERNAL });
  });

  it('an unknown status code is UNKNOWN', async () => {
    const stub = await wrongServer(name, (call) =>
      call.emit('error', { code: 99, details: 'odd' }),
    );
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({ code: Status.UNKNOWN });
  });
});

describe.each(PLAIN_TRANSPORTS)('messages of the wrong type over %s', (transport) => {
  /** The same paths, with bytes for messages. */
  const Raw = service('test.Stories', {
    unary: unary(bytes, bytes),
    serverStream: serverStream(bytes, bytes),
  });

  it('a request that cannot be decoded is INTERNAL, and its handler never starts', async () => {
    let started = 0;
    const { client, takeErrors } = await rig(transport, {
      unary: (request) => {
        started += 1;
        return request;
      },
    });
    const stub = client.stub(Raw);
    const error = await rejection(stub.unary(Buffer.from('{"n":')));
    expect(error).toMatchObject({ code: Status.INTERNAL });
    expect(started).toBe(0);
    expect(takeErrors()).toEqual([]);
  });

  it('a unary reply that cannot be decoded is INTERNAL, and says why', async () => {
    const options = plainOptions(transport);
    const server = new Server(options);
    whenOver(() => server.close({ grace: 0 }));
    server.add(Raw, {
      unary: () => Buffer.from('no json'),
      async *serverStream() {
        yield Buffer.from('{"n":1}');
        yield Buffer.from('no json');
      },
    });
    const { address } = await server.listen('127.0.0.1:0');
    const client = connect(address, options);
    whenOver(() => client.close());
    const stub = client.stub(Stories);
    const error = await rejection(stub.unary({ n: 1 }));
    expect(error).toMatchObject({ code: Status.INTERNAL });
    expect((error as Error).cause).toBeInstanceOf(SyntaxError);
    const stream = stub.serverStream({ n: 1 });
    expect(await soon(stream.read(), 'the first')).toEqual({ n: 1 });
    expect(await rejection(stream.read())).toMatchObject({ code: Status.INTERNAL });
    expect(await rejection(stream.read())).not.toBe(EOF);
  });
});
