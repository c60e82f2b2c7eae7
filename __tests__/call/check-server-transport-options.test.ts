import { describe, expect, it } from '@jest/globals';
import { connect, MemoryTransport, Server, type ServerOptions } from 'tributary';
import { Authority } from '../support/certificates.js';

const authority = new Authority();
const own = authority.issue();
const { cert: ca } = authority;

describe('limits of a server', () => {
  it.each<[object, string]>([
    [
      { maxReceiveMessageSize: 0 },
      'maxReceiveMessageSize must be a whole number of bytes above 0, got 0',
    ],
    [
      { maxSendMessageSize: -1 },
      'maxSendMessageSize must be a whole number of bytes above 0, got -1',
    ],
    [{ maxMetadataSize: 1.5 }, 'maxMetadataSize must be a whole number of bytes above 0, got 1.5'],
    [
      { maxConcurrentStreams: 0 },
      'maxConcurrentStreams must be a whole number above 0, or Infinity, got 0',
    ],
    [{ maxConnections: -5 }, 'maxConnections must be a whole number above 0, or Infinity, got -5'],
    [
      { maxConnections: NaN },
      'maxConnections must be a whole number above 0, or Infinity, got NaN',
    ],
    [{ handshakeTimeout: 0 }, 'handshakeTimeout must be above 0 milliseconds, got 0'],
    [{ maxConnectionAge: -1 }, 'maxConnectionAge must be 0 milliseconds or more, got -1'],
    [{ maxConnectionAgeGrace: -1 }, 'maxConnectionAgeGrace must be 0 milliseconds or more, got -1'],
    [{ maxConnectionIdle: 0 }, 'maxConnectionIdle must be above 0 milliseconds, got 0'],
    [{ keepalive: { time: 0 } }, 'keepalive.time must be above 0 milliseconds, got 0'],
    [{ keepalive: { timeout: NaN } }, 'keepalive.timeout must be 0 milliseconds or more, got NaN'],
  ])('%j is a RangeError', (options, message) => {
    expect(() => new Server(options)).toThrow(new RangeError(message));
    expect(() => new Server(options)).toThrow(RangeError);
  });

  it.each<[object, string]>([
    [
      { maxReceiveMessageSize: '1' },
      "maxReceiveMessageSize must be a number of bytes, got '1' (string)",
    ],
    [{ maxConnections: 1n }, 'maxConnections must be a number, got 1n'],
    [{ handshakeTimeout: null }, 'handshakeTimeout must be a number of milliseconds, got null'],
    [{ keepalive: true }, 'keepalive must be { time, timeout } or false, got true (boolean)'],
    [{ keepalive: { tiem: 1 } }, "keepalive has no option 'tiem'; the options are time, timeout"],
    [{ tls: true }, 'tls must be an object with cert and key, got true (boolean)'],
  ])('%p is a TypeError', (options, message) => {
    expect(() => new Server(options)).toThrow(new TypeError(message));
    expect(() => new Server(options)).toThrow(TypeError);
  });

  it('an option that there is not is named, with those that there are', () => {
    expect(() => new Server({ maxConections: 1 } as never)).toThrow(
      /^Server has no option 'maxConections'; the options are .*maxConnections/,
    );
  });

  it('good ones pass, undefined counts as not given', () => {
    const keys = ['keepalive', 'maxConnections', 'handshakeTimeout', 'tls', 'maxMetadataSize'];
    const unset = Object.fromEntries(keys.map((key) => [key, undefined]));
    for (const options of [
      unset,
      { keepalive: false, maxReceiveMessageSize: Infinity, maxConnections: Infinity },
      { keepalive: { time: 1, timeout: undefined }, handshakeTimeout: Infinity },
      { maxConnectionAge: 1e12, maxConnectionAgeGrace: 0, maxConnectionIdle: Infinity },
    ] as ServerOptions[]) {
      expect(() => new Server(options)).not.toThrow();
    }
  });
});

describe('the shape of TLS options', () => {
  it.each<[object, ErrorConstructor, RegExp]>([
    [{}, TypeError, /^tls of a server needs cert and key, or certFile and keyFile$/],
    [{ cert: own.cert }, TypeError, /^tls takes cert and key, or their files, together: one/],
    [{ ...own, certFile: 'x' }, TypeError, /^tls takes cert or certFile, not both$/],
    [{ ...own, cert: 5 }, TypeError, /^tls\.cert must be PEM text, a string or its bytes, got 5/],
    [{ ...own, caFile: 5 }, TypeError, /^tls\.caFile must be the path of a file, got 5/],
    [{ ...own, caFile: '' }, RangeError, /^tls\.caFile must be the path of a file, got an empty/],
    [{ ...own, passphrase: 5 }, TypeError, /^tls\.passphrase must be a string, got 5/],
    [{ ...own, refreshInterval: 0 }, RangeError, /^tls\.refreshInterval must be above 0 millisec/],
    [{ ...own, refreshInterval: '1' }, TypeError, /^tls\.refreshInterval must be a number of mill/],
    [
      { ...own, clientCertificate: 'yes' },
      RangeError,
      /^tls\.clientCertificate must be 'none', 'r/,
    ],
    [
      { ...own, clientCertificate: true },
      TypeError,
      /^tls\.clientCertificate must be 'none', 'req/,
    ],
    [
      { ...own, clientCertificate: 'require' },
      TypeError,
      /'require' needs ca or caFile: whom to tr/,
    ],
    [{ ...own, serverName: 'x' }, TypeError, /^tls has no option 'serverName'; the options are /],
  ])('of a server: %#', (tls, Type, message) => {
    const make = (): Server => new Server({ tls } as ServerOptions);
    expect(make).toThrow(Type);
    expect(make).toThrow(message);
  });

  it.each<[unknown, ErrorConstructor, RegExp]>([
    ['yes', TypeError, /^tls takes an options object, got 'yes' \(string\)$/],
    [{ key: own.key }, TypeError, /^tls takes cert and key, or their files, together/],
    [{ passphrase: 'x' }, TypeError, /^tls\.passphrase needs key or keyFile$/],
    [{ serverName: 1 }, TypeError, /^tls\.serverName must be a host name, got 1/],
    [{ serverName: '' }, RangeError, /^tls\.serverName must be a host name, got an empty string/],
    [{ checkServerIdentity: 1 }, TypeError, /^tls\.checkServerIdentity must be a function, got 1/],
    [{ clientCertificate: 'none' }, TypeError, /^tls has no option 'clientCertificate'/],
    [{ ca: 'junk' }, RangeError, /^tls\.ca must be certificates in PEM form, found none$/],
  ])('of a client: %#', (tls, Type, message) => {
    const make = (): unknown => connect('127.0.0.1:1', { tls } as never);
    expect(make).toThrow(Type);
    expect(make).toThrow(message);
  });

  it('bytes are as good as text', () => {
    const tls = { cert: Buffer.from(own.cert), key: new TextEncoder().encode(own.key), ca };
    expect(() => new Server({ tls })).not.toThrow();
  });

  it('MemoryTransport has nothing to secure, and says so', () => {
    const transport = new MemoryTransport();
    const refusal = new TypeError('MemoryTransport takes no tls: there is no network to secure');
    expect(() => new Server({ transport, tls: own })).toThrow(refusal);
    expect(() => connect('x', { transport, tls: true })).toThrow(refusal);
    expect(() => connect('x', { transport, tls: false })).not.toThrow();
    expect(() => new Server({ transport, maxConnections: 1, keepalive: false })).not.toThrow();
  });
});
