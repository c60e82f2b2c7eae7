import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError, createClient, type ServiceImpl } from '@connectrpc/connect';
import {
  connectNodeAdapter,
  createGrpcTransport,
  Http2SessionManager,
} from '@connectrpc/connect-node';
import {
  credentials,
  Client as GrpcClient,
  Server as GrpcServer,
  Metadata,
  ServerCredentials,
  type ServiceError,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import {
  connect,
  type ErrorDetail,
  errorDetails,
  loadService,
  richError,
  Server,
  Status,
} from 'tributary';
import {
  decodeIndependently,
  descriptorOf,
  encodeIndependently,
} from '../error-details/google-rpc.js';
import { plainOptions, rejection, type TransportName, whenOver } from '../stories/harness.js';
import { Interop } from './connect-service.js';
import { INTEROP_PROTO, SERVED } from './protobufjs-methods.js';

/** Of our side. */
const TRANSPORTS = ['grpc', 'http2'] as const;
const KEY = 'grpc-status-details-bin';
const VIOLATION = { field: 'text', description: 'is missing', reason: 'MISSING' };
const DETAILS: ErrorDetail[] = [
  { type: 'BadRequest', fieldViolations: [{ ...VIOLATION, localizedMessage: undefined }] },
  { type: 'RetryInfo', retryDelay: 1_500 },
];

/** A server of ours whose handler refuses with these details; its port. */
async function serveRefusal(name: TransportName): Promise<number> {
  const service = await loadService(INTEROP_PROTO, 'interop.Interop');
  const server = new Server(plainOptions(name)).add(service, {
    unary() {
      throw richError(Status.INVALID_ARGUMENT, 'wrong', DETAILS);
    },
  } as never);
  whenOver(() => server.close());
  return (await server.listen('127.0.0.1:0')).port;
}

/** What a client of ours is refused with. */
async function refusalOf(name: TransportName, port: number): Promise<unknown> {
  const client = connect(`127.0.0.1:${port}`, plainOptions(name));
  whenOver(() => client.close());
  const { unary } = client.stub(await loadService(INTEROP_PROTO, 'interop.Interop'));
  return await rejection((unary as (request: object) => Promise<object>)({}));
}

describe.each(TRANSPORTS)('details and grpc-js, over %s', (name) => {
  it('its client finds them where it looks for them', async () => {
    const client = new GrpcClient(
      `127.0.0.1:${await serveRefusal(name)}`,
      credentials.createInsecure(),
    );
    whenOver(() => client.close());
    const error = await new Promise<ServiceError | null>((resolve) => {
      const { path, requestSerialize, responseDeserialize } = SERVED.unary;
      const note = { text: '', number: 0, big: 0n, blob: new Uint8Array(), words: [] };
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, note, resolve);
    });
    expect(error).toMatchObject({ code: Status.INVALID_ARGUMENT, details: 'wrong' });
    const bytes = error?.metadata.get(KEY)[0] as Buffer;
    const status = decodeIndependently('Status', bytes);
    expect(status).toMatchObject({ code: Status.INVALID_ARGUMENT, message: 'wrong' });
    const [bad, retry] = status.details as { typeUrl: string; value: Uint8Array }[];
    expect(decodeIndependently('BadRequest', bad?.value as Uint8Array)).toMatchObject({
      fieldViolations: [VIOLATION],
    });
    expect(decodeIndependently('RetryInfo', retry?.value as Uint8Array)).toMatchObject({
      retryDelay: { seconds: 1n, nanos: 500_000_000 },
    });
    expect(errorDetails(error)).toEqual(DETAILS);
  });

  it('our client reads those of its server', async () => {
    const server = new GrpcServer();
    server.addService(SERVED, {
      unary(_call: unknown, reply: (error: Partial<ServiceError>) => void) {
        const value = encodeIndependently('BadRequest', { fieldViolations: [VIOLATION] });
        const details = [{ typeUrl: 'type.googleapis.com/google.rpc.BadRequest', value }];
        const metadata = new Metadata();
        metadata.set(KEY, Buffer.from(encodeIndependently('Status', { code: 3, details })));
        reply({ code: Status.INVALID_ARGUMENT, details: 'wrong', metadata });
      },
    } as unknown as UntypedServiceImplementation);
    whenOver(() => server.forceShutdown());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const error = await refusalOf(name, port);
    expect(error).toMatchObject({ code: Status.INVALID_ARGUMENT, details: 'wrong' });
    expect(errorDetails(error)).toEqual(DETAILS.slice(0, 1));
  });
});

describe.each(TRANSPORTS)('details and connect-node, over %s', (name) => {
  it('its client reads those of our server', async () => {
    const baseUrl = `http://127.0.0.1:${await serveRefusal(name)}`;
    const sessionManager = new Http2SessionManager(baseUrl);
    whenOver(() => sessionManager.abort());
    const client = createClient(Interop, createGrpcTransport({ baseUrl, sessionManager }));
    const error = ConnectError.from(
      await rejection((client as unknown as { unary(ask: object): Promise<object> }).unary({})),
    );
    expect(error).toMatchObject({ code: Code.InvalidArgument, rawMessage: 'wrong' });
    expect(error.details.map((detail) => 'type' in detail && detail.type)).toEqual([
      'google.rpc.BadRequest',
      'google.rpc.RetryInfo',
    ]);
    const [bad] = error.findDetails(descriptorOf('BadRequest'));
    expect(bad).toMatchObject({ fieldViolations: [VIOLATION] });
  });

  it('our client reads those of its server', async () => {
    const details = [
      { desc: descriptorOf('BadRequest'), value: { fieldViolations: [VIOLATION] } },
      { desc: descriptorOf('RetryInfo'), value: { retryDelay: { seconds: 1n, nanos: 5e8 } } },
    ];
    const implementation = {
      unary() {
        throw new ConnectError('wrong', Code.InvalidArgument, undefined, details as never);
      },
    } as unknown as Partial<ServiceImpl<typeof Interop>>;
    const routes = connectNodeAdapter({
      routes: (router) => router.service(Interop, implementation),
    });
    const server = createServer(routes);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    whenOver(() => new Promise((resolve) => server.close(resolve)));
    const error = await refusalOf(name, (server.address() as AddressInfo).port);
    expect(error).toMatchObject({ code: Status.INVALID_ARGUMENT, details: 'wrong' });
    expect(errorDetails(error)).toEqual(DETAILS);
  });
});
