import { describe, expect, it } from '@jest/globals';
import { parseTarget } from '../../lib/call/target.js';

describe('parseTarget', () => {
  it.each([
    '127.0.0.1:50051',
    'localhost:1',
    'my-host.example.com:65535',
    '[::1]:50051',
    '[fe80::1%eth0]:50051',
    'dns:///example.com:443',
    'dns://8.8.8.8/example.com:443',
    'dns:example.com',
    'dns:example.com:1',
    'dns:///[::1]',
    'dns:///[::1]:1',
    'dns:::1',
    'unix:/run/app.sock',
    'unix:///run/app.sock',
    'unix:relative.sock',
    'ipv4:10.0.0.1:50051,10.0.0.2:50051',
    'ipv4:10.0.0.1',
    'ipv6:[::1]:50051',
    'ipv6:[::1]:50051,[fe80::1]:50052',
    'ipv6:::1',
    'ipv6:[::1]',
    'xds:///service',
  ])('leaves %s as it is', (target) => {
    expect(parseTarget(target)).toBe(target);
  });

  it.each([
    ['tri://127.0.0.1:50051/org.Greeter', '127.0.0.1:50051'],
    ['tri://host:20880/org.Greeter?version=1.0&group=a', 'host:20880'],
    ['tri://host:20880', 'host:20880'],
    ['tri://host:20880?serialization=protobuf', 'host:20880'],
    ['TRI://[::1]:50051/x', '[::1]:50051'],
  ])('takes what Dubbo adds off %s', (target, expected) => {
    expect(parseTarget(target)).toBe(expected);
  });

  it.each([
    '',
    'host',
    ':50051',
    'host:',
    'host:port',
    'host:65536',
    'host:123456',
    'host:-1',
    'a host:50051',
    'host:50051/path',
    '::1:50051',
    '[::1]',
    'http://host:50051',
    'grpc://host:50051',
    'dubbo://host:20880/x',
    'tri://',
    'tri:///Service',
    'tri://host/Service',
    'tri://host:99999/Service',
    'dns:',
    'dns:///',
    'dns:///host:65536',
    'dns:host:99999',
    'dns:///host:',
    'dns:///host:port',
    'dns:///a host:1',
    'dns:///host:1/path',
    'dns:///[::1]:65536',
    'dns:///[::1',
    'dns://8.8.8.8',
    'dns://8.8.8.8/host:65536',
    'unix:',
    'unix://',
  ])('refuses %p', (target) => {
    expect(() => parseTarget(target)).toThrow(
      new RangeError(
        "target must be 'host:port', 'dns:///host:port', 'unix:path' or 'tri://host:port', " +
          `got '${target}'`,
      ),
    );
  });

  it.each([
    ['ipv4:localhost:1', /IPv4 addresses, such as '10\.0\.0\.1:50051', got 'localhost:1'/],
    ['ipv4:10.0.0.1:1,', /IPv4 addresses.* got ''/],
    ['ipv4:10.0.0.1:1,10.0.0.300:1', /got '10\.0\.0\.300:1'/],
    ['ipv4:10.0.0.1:99999', /got '10\.0\.0\.1:99999'/],
    ['ipv6:10.0.0.1:1', /IPv6 addresses, such as '\[::1\]:50051', got '10\.0\.0\.1:1'/],
  ])('refuses %s, naming the address', (target, words) => {
    expect(() => parseTarget(target)).toThrow(RangeError);
    expect(() => parseTarget(target)).toThrow(words);
  });

  it('refuses what is no string', () => {
    for (const [target, got] of [
      [undefined, 'undefined'],
      [50051, '50051 (number)'],
      [{ host: 'h', port: 1 }, '{ host, port }'],
    ]) {
      expect(() => parseTarget(target as string)).toThrow(
        new TypeError(`target must be a string such as 'host:port', got ${got as string}`),
      );
    }
  });
});
