import type { OutgoingHttpHeaders } from 'node:http2';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { EOF, type Metadata, Status } from 'tributary';
import { later, rig, soon, turns } from '../../stories/harness.js';
import { RawConnection } from './raw-connection.js';
import {
  callHeaders,
  END_HEADERS,
  END_STREAM,
  FRAME,
  frame,
  grpcMessage,
  hpack,
} from './raw-frames.js';
import { rawRequest } from './raw-request.js';
import { watched } from './watched.js';

const PROTOCOL_ERROR = 1;
const BIDI = '/test.Stories/BidiStream';

describe('requests that no handler sees', () => {
  it.each<[string, OutgoingHttpHeaders, number, number]>([
    ['another method', { ':method': 'GET' }, 405, Status.INTERNAL],
    ['HEAD, which has no body', { ':method': 'HEAD' }, 405, Status.INTERNAL],
    ['PUT', { ':method': 'PUT' }, 405, Status.INTERNAL],
    ['no content-type', { 'content-type': undefined }, 415, Status.INTERNAL],
    ['another content-type', { 'content-type': 'application/json' }, 415, Status.INTERNAL],
    ['gRPC-Web', { 'content-type': 'application/grpc-web' }, 415, Status.INTERNAL],
    ['no te', { te: undefined }, 200, Status.INTERNAL],
    ['an unknown service', { ':path': '/test.Other/Unary' }, 200, Status.UNIMPLEMENTED],
    ['an unknown method', { ':path': '/test.Stories/Unar' }, 200, Status.UNIMPLEMENTED],
    ['a path in another case', { ':path': '/test.stories/unary' }, 200, Status.UNIMPLEMENTED],
    ['a path with a query', { ':path': '/test.Stories/Unary?x' }, 200, Status.UNIMPLEMENTED],
    ['__proto__ for a path', { ':path': '/__proto__' }, 200, Status.UNIMPLEMENTED],
    ['an unknown encoding', { 'grpc-encoding': 'snappy' }, 200, Status.UNIMPLEMENTED],
    ['an encoding of every object', { 'grpc-encoding': 'toString' }, 200, Status.UNIMPLEMENTED],
    ['no base64', { 'x-bin': '%%%%' }, 200, Status.INTERNAL],
    ['base64 of a length there is not', { 'x-bin': 'AAAAA' }, 200, Status.INTERNAL],
    ['one bad value among good ones', { 'x-bin': 'AQ==,?,Ag' }, 200, Status.INTERNAL],
  ])('%s', async (_what, headers, http, status) => {
    const guard = await watched();
    const answer = await rawRequest(guard.address, headers);
    expect(answer).toMatchObject({ http, status: String(status), trailers: undefined });
    expect(guard.begun()).toBe(0);
    await guard.isWell();
  });

  it('the words say what was expected and what came', async () => {
    const { address } = await watched();
    const wordsOf = async (headers: OutgoingHttpHeaders): Promise<string> =>
      (await rawRequest(address, headers)).message;
    expect(await wordsOf({ ':method': 'GET' })).toBe('a call is a POST, got GET');
    expect(await wordsOf({ 'content-type': 'text/html' })).toBe(
      'the content-type of a call is application/grpc, got text/html',
    );
    expect(await wordsOf({ 'grpc-timeout': '1s' })).toBe("grpc-timeout '1s' is malformed");
    expect(await wordsOf({ 'x-bin': '?' })).toBe("the header 'x-bin' is not in base64");
  });

  it('an unknown encoding is told which there are', async () => {
    const { address } = await watched();
    const { headers } = await rawRequest(address, { 'grpc-encoding': 'br' });
    expect(headers['grpc-accept-encoding']).toBe('identity,gzip,deflate');
  });

  it('a path that is long when escaped is named in part, and other calls go on', async () => {
    const guard = await watched();
    const raw = await RawConnection.open(guard.address);
    const block = callHeaders(`/${'%'.repeat(30_000)}`);
    raw.send(frame(FRAME.headers, END_STREAM, 1, block.subarray(0, 16_000)));
    raw.send(frame(FRAME.continuation, END_HEADERS, 1, block.subarray(16_000)));
    const { flags } = await raw.next(
      ({ type, stream }) => stream === 1 && (type === FRAME.headers || type === FRAME.reset),
      'the status',
    );
    expect(flags).toBe(END_HEADERS | END_STREAM);
    await turns();
    expect(raw.goaways).toEqual([]);
    raw.socket.destroy();
    await guard.isWell();
  });

  it.each<[string, Buffer]>([
    ['a wrong te', callHeaders('/test.Stories/Unary', [['te', 'gzip']])],
    ['a path without its slash', callHeaders('test.Stories/Unary')],
    ['an empty path', callHeaders('')],
    ['a second path', callHeaders('/test.Stories/Unary', [[':path', '/test.Stories/Unary']])],
    ["HTTP/1.1's own headers", callHeaders('/test.Stories/Unary', [['connection', 'close']])],
  ])('%s is reset by HTTP/2 itself', async (_what, headers) => {
    const guard = await watched();
    const raw = await RawConnection.open(guard.address);
    raw.send(frame(FRAME.headers, END_HEADERS, 1, headers));
    expect(await raw.reset(1)).toBe(PROTOCOL_ERROR);
    expect(guard.begun()).toBe(0);
    await guard.isWell();
  });

  it.each([
    'application/grpc',
    'application/grpc+proto',
    'application/GRPC+json',
    'application/grpc; a=b',
  ])('the content-type %s is welcome', async (type) => {
    const { address } = await watched();
    expect(await rawRequest(address, { 'content-type': type })).toMatchObject({ status: '0' });
  });

  it('a client that still sends is told to stop, behind the status', async () => {
    const guard = await watched();
    const body = Buffer.alloc(300_000);
    const answer = await rawRequest(guard.address, { ':path': '/none' }, body, { open: true });
    expect(answer).toMatchObject({ status: '12', reset: 0 });
    await guard.isWell();
  });
});

describe('grpc-timeout', () => {
  it.each([
    '',
    '1',
    'S',
    '1s',
    '1 S',
    '-1S',
    '+1S',
    '1.5S',
    '123456789S',
    '1SS',
    '0x1S',
    '1S, 2S',
    'Infinity',
  ])("'%s' is refused, and is no instant expiry", async (timeout) => {
    const guard = await watched();
    expect(await rawRequest(guard.address, { 'grpc-timeout': timeout })).toMatchObject({
      http: 200,
      status: String(Status.INTERNAL),
    });
    expect(guard.begun()).toBe(0);
    await guard.isWell();
  });

  const HOUR = 3_600_000;
  it.each<[string, number]>([
    ['99999999n', 99.999999],
    ['99999999u', 99_999.999],
    ['99999999m', 99_999_999],
    ['99999999S', 99_999_999_000],
    ['99999999M', 99_999_999 * 60_000],
    ['00000600S', 600_000],
    ['720H', 720 * HOUR],
    ['2000000H', 2_000_000 * HOUR],
    // 11,000 years: a Date still reaches so far.
    ['99999999H', 99_999_999 * HOUR],
  ])('%s', async (timeout, milliseconds) => {
    const seen = later<Date | undefined>();
    const { address } = await rig('http2', {
      unary(request, ctx) {
        seen.resolve(ctx.deadline);
        return request;
      },
    });
    const begin = Date.now();
    expect(await rawRequest(address, { 'grpc-timeout': timeout })).toMatchObject({ status: '0' });
    const deadline = await soon(seen.promise, 'the deadline');
    const late = Number(deadline) - (begin + milliseconds);
    expect(late).toBeGreaterThanOrEqual(-1);
    expect(late).toBeLessThan(5_000);
  });

  it.each(['1n', '999u', '0m'])('%s has passed before the handler ends', async (timeout) => {
    const { address } = await rig(
      'http2',
      { unary: () => new Promise(() => {}) },
      { byForce: true },
    );
    expect(await rawRequest(address, { 'grpc-timeout': timeout })).toMatchObject({
      status: String(Status.DEADLINE_EXCEEDED),
    });
  });
});

describe('request metadata', () => {
  it('comes as it was meant', async () => {
    const seen = later<Metadata>();
    const { address } = await rig('http2', {
      unary(request, ctx) {
        seen.resolve(ctx.metadata);
        return request;
      },
    });
    await rawRequest(address, {
      'a-bin': 'AQI=',
      'b-bin': 'AQI',
      'c-bin': 'AQ==,Ag, AwQ=',
      'd-bin': '',
      'e-bin': ['AQ==', 'Ag'],
      text: ['1', '2'],
      empty: '',
      latin: 'caf\xe9',
      tab: 'a\tb',
      ['__proto__' as string]: 'x',
      'grpc-tags-bin': 'AAAA',
      'user-agent': 'raw/1',
    });
    const metadata = await soon(seen.promise, 'the metadata');
    const bytes = (...values: number[][]): Buffer[] => values.map((each) => Buffer.from(each));
    expect(metadata.get('a-bin')).toEqual(bytes([1, 2]));
    expect(metadata.get('b-bin')).toEqual(bytes([1, 2]));
    expect(metadata.get('c-bin')).toEqual(bytes([1], [2], [3, 4]));
    expect(metadata.get('d-bin')).toEqual(bytes([]));
    expect(metadata.get('e-bin')).toEqual(bytes([1], [2]));
    expect(metadata.get('text')).toEqual(['1, 2']);
    expect(metadata.get('empty')).toEqual(['']);
    expect(metadata.get('latin')).toEqual([]);
    expect(metadata.get('tab')).toEqual([]);
    expect(metadata.get('user-agent')).toEqual(['raw/1']);
    expect(Object.keys(metadata.getMap())).not.toContain('grpc-tags-bin');
    expect(metadata.get('__proto__')).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['capitals in a key', 'X-Upper', 'v'],
    ['a line break in a key', 'x\r\ny', 'v'],
    ['a space in a key', 'x y', 'v'],
    ['no key', '', 'v'],
    ['a line break in a value', 'x', 'a\r\nb: c'],
    ['a zero in a value', 'x', 'a\0b'],
  ])('%s does not get through', async (_what, key, value) => {
    const seen = later<string[]>();
    const { address } = await rig('http2', {
      unary(request, ctx) {
        seen.resolve(Object.keys(ctx.metadata.getMap()));
        return request;
      },
    });
    const raw = await RawConnection.open(address);
    const headers = callHeaders('/test.Stories/Unary', [[key, value]]);
    raw.send(
      frame(FRAME.headers, END_HEADERS, 1, headers),
      frame(FRAME.data, END_STREAM, 1, grpcMessage('{"n":1}')),
    );
    const outcome = await soon(Promise.race([seen.promise, raw.reset(1)]), 'a call or a reset');
    expect([PROTOCOL_ERROR, '']).toContain(Array.isArray(outcome) ? outcome.join() : outcome);
    raw.socket.destroy();
  });

  it('request trailers end a request, and are no metadata', async () => {
    const guard = await watched();
    const answer = await rawRequest(guard.address, { ':path': BIDI }, undefined, {
      send: (stream) => {
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-late': '1' }));
        stream.end(grpcMessage('{"n":1}'));
      },
    });
    expect(answer).toMatchObject({ status: '0', body: grpcMessage('{"n":1}') });
    expect(guard.ends).toEqual(['EOF']);
    const raw = await RawConnection.open(guard.address);
    raw.call(1, BIDI);
    raw.send(
      frame(FRAME.data, 0, 1, grpcMessage('{"n":2}')),
      frame(FRAME.headers, END_HEADERS | END_STREAM, 1, hpack([['x-late', '1']])),
    );
    await raw.next(({ type, flags }) => type === FRAME.headers && (flags & 1) === 1, 'the status');
    expect(guard.ends).toEqual(['EOF', 'EOF']);
    await guard.isWell();
  });
});

describe('messages that are none', () => {
  const message = grpcMessage('{"n":1}');
  const gzipped = gzipSync('{"n":1}');
  it.each<[string, OutgoingHttpHeaders, Buffer, number]>([
    ['reserved flags', {}, grpcMessage('{"n":1}', 2), Status.INTERNAL],
    ['all flags', {}, grpcMessage('{"n":1}', 255), Status.INTERNAL],
    ['compressed, with no encoding', {}, grpcMessage(gzipped, 1), Status.INTERNAL],
    [
      'compressed, as identity',
      { 'grpc-encoding': 'identity' },
      grpcMessage(gzipped, 1),
      Status.INTERNAL,
    ],
    ['no gzip', { 'grpc-encoding': 'gzip' }, grpcMessage('{"n":1}', 1), Status.INTERNAL],
    [
      'half of a gzip',
      { 'grpc-encoding': 'gzip' },
      grpcMessage(gzipped.subarray(0, 12), 1),
      Status.INTERNAL,
    ],
    [
      'deflate that says gzip',
      { 'grpc-encoding': 'gzip' },
      grpcMessage(deflateSync('{"n":1}'), 1),
      Status.INTERNAL,
    ],
    ['half a prefix', {}, Buffer.from([0, 0, 0]), Status.INTERNAL],
    ['a prefix alone', {}, Buffer.from([0, 0, 0, 0, 9]), Status.INTERNAL],
    ['half a message', {}, message.subarray(0, 9), Status.INTERNAL],
    ['a declared 4 GiB', {}, Buffer.from([0, 255, 255, 255, 255]), Status.RESOURCE_EXHAUSTED],
    ['one byte over the limit', {}, Buffer.from([0, 0, 0x40, 0, 1]), Status.RESOURCE_EXHAUSTED],
  ])('%s', async (_what, headers, body, status) => {
    const guard = await watched();
    const alone = await rawRequest(guard.address, headers, body);
    expect(alone).toMatchObject({ http: 200, status: String(status) });
    const first = Buffer.concat([message, body]);
    const behind = await rawRequest(guard.address, { ':path': BIDI, ...headers }, first);
    expect(behind.status).toBe(String(status));
    expect(guard.ends).toHaveLength(1);
    expect(guard.ends[0]).not.toBe('EOF');
    await guard.isWell();
  });

  it.each<[string, Buffer]>([
    ['none', Buffer.alloc(0)],
    ['two', Buffer.concat([message, message])],
  ])('%s where there is to be one', async (_what, body) => {
    const guard = await watched();
    expect(await rawRequest(guard.address, {}, body)).toMatchObject({ status: '12' });
    expect(guard.begun()).toBe(0);
    await guard.isWell();
  });

  it.each(['gzip', 'deflate'])('good %s is read', async (encoding) => {
    const { address } = await watched();
    const bytes = encoding === 'gzip' ? gzipped : deflateSync('{"n":1}');
    const answer = await rawRequest(address, { 'grpc-encoding': encoding }, grpcMessage(bytes, 1));
    expect(answer).toMatchObject({ status: '0', body: message });
  });

  it('a bomb of 200 MB: refused, with the limit in memory and no more', async () => {
    const guard = await watched();
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const before = process.memoryUsage().rss;
    const answer = await rawRequest(
      guard.address,
      { 'grpc-encoding': 'gzip' },
      grpcMessage(bomb, 1),
    );
    expect(answer).toMatchObject({
      status: String(Status.RESOURCE_EXHAUSTED),
      message: 'a message is over the limit of 4194304 bytes when decompressed',
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
    await guard.isWell();
  });

  it('a declared size takes no memory', async () => {
    const guard = await watched({ maxReceiveMessageSize: 2 ** 32 });
    const before = process.memoryUsage();
    const raw = await RawConnection.open(guard.address);
    for (let stream = 1; stream < 100; stream += 2) {
      raw.call(stream, BIDI);
      raw.send(frame(FRAME.data, 0, stream, Buffer.from([0, 255, 255, 255, 255, 1, 2, 3])));
    }
    await expect(
      raw.next(({ type }) => type === FRAME.goaway, 'nothing').catch(() => 'none'),
    ).resolves.toBe('none');
    const after = process.memoryUsage();
    expect(after.rss - before.rss).toBeLessThan(100_000_000);
    raw.socket.destroy();
    await guard.isWell();
  });
});

describe('a handler that ends early', () => {
  it('the client gets the status, then RST_STREAM(NO_ERROR)', async () => {
    const { address } = await rig('http2', {
      async clientStream(stream) {
        expect(await stream.read()).not.toBe(EOF);
        return { n: 5 };
      },
    });
    const raw = await RawConnection.open(address);
    raw.call(1, '/test.Stories/ClientStream');
    raw.send(frame(FRAME.data, 0, 1, grpcMessage('{"n":1}')));
    expect(await raw.reset(1)).toBe(0);
    const said = raw.frames.filter(({ stream }) => stream === 1).map(({ type }) => type);
    const last = raw.frames.filter(({ stream, type }) => stream === 1 && type === FRAME.headers);
    expect(last.at(-1)?.flags).toBe(END_HEADERS | 1);
    expect(said.at(-1)).toBe(FRAME.reset);
    raw.socket.destroy();
  });
});
