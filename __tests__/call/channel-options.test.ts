import { describe, expect, it } from '@jest/globals';
import { connect, MemoryTransport } from 'tributary';
import { CHANNEL_KEYS, checkChannelOptions } from '../../lib/call/check-channel-options.js';

describe('checkChannelOptions', () => {
  it.each<[object]>([
    [{}],
    [{ keepalive: false, retry: false, hedging: false, proxy: false }],
    [{ keepalive: {}, retry: {}, methods: {}, reconnectBackoff: {}, serviceConfig: undefined }],
    [{ keepalive: { time: 10, timeout: 1, withoutCalls: true } }],
    [{ maxReceiveMessageSize: Infinity, maxSendMessageSize: 1, retryBufferSize: Infinity }],
    [{ retry: { retryableStatusCodes: ['UNAVAILABLE', 8, 'INTERNAL'] }, hedging: false }],
    [{ hedging: { maxAttempts: 2, hedgingDelay: 0, nonFatalStatusCodes: [] } }],
    [{ retryThrottling: { maxTokens: 1000, tokenRatio: 0.1 } }],
    [{ methods: { 'a.b.C': { timeout: 0 }, 'a.b.C/D': { retry: {}, hedging: false } } }],
    [{ retry: {}, methods: { C: { hedging: {} } } }],
    [{ loadBalancing: { policy: 'weighted_round_robin', weightUpdatePeriod: 100 } }],
    [{ loadBalancing: 'round_robin', outlierDetection: { failurePercentage: {} } }],
    [{ serviceConfig: '{}', waitForReady: true, maxConnectionIdle: Infinity }],
    [{ ownConnections: true, userAgent: 'a/1 (b)', authority: 'a.example:443' }],
    [{ proxy: 'http://user:pass@proxy.example:3128', reconnectBackoff: { initial: 1 } }],
  ])('takes %j', (options) => {
    expect(() => checkChannelOptions(options)).not.toThrow();
  });

  it.each<[object, typeof TypeError | typeof RangeError, string]>([
    [{ keepalive: true }, TypeError, 'keepalive takes an options object, got true (boolean)'],
    [{ keepalive: { tim: 5 } }, TypeError, "keepalive has no option 'tim'; the options are time,"],
    [{ keepalive: { time: -1 } }, RangeError, 'keepalive.time must be a number of milliseconds'],
    [{ keepalive: { time: '5' } }, TypeError, 'keepalive.time must be a number of milliseconds ab'],
    [{ keepalive: { timeout: Number.NaN } }, RangeError, 'keepalive.timeout'],
    [{ keepalive: { withoutCalls: 1 } }, TypeError, 'keepalive.withoutCalls must be a boolean'],
    [{ maxReceiveMessageSize: 0 }, RangeError, 'maxReceiveMessageSize must be a whole number'],
    [{ maxReceiveMessageSize: -1 }, RangeError, 'bytes above 0, got -1'],
    [{ maxSendMessageSize: 1.5 }, RangeError, 'maxSendMessageSize'],
    [{ compression: 'brotli' }, RangeError, "one of 'identity', 'gzip', 'deflate', got 'brotli'"],
    [{ compression: 2 }, TypeError, 'compression must be one of'],
    [{ retry: true }, TypeError, 'retry takes an options object, got true'],
    [{ retry: { attempts: 3 } }, TypeError, "retry has no option 'attempts'"],
    [{ retry: { maxAttempts: 1 } }, RangeError, 'retry.maxAttempts must be a whole number from 2'],
    [{ retry: { maxAttempts: 2.5 } }, RangeError, 'retry.maxAttempts'],
    [{ retry: { initialBackoff: 0 } }, RangeError, 'milliseconds above 0 up to 2147483647, got 0'],
    [{ retry: { maxBackoff: Infinity } }, RangeError, 'retry.maxBackoff'],
    [
      { retry: { backoffMultiplier: -2 } },
      RangeError,
      'retry.backoffMultiplier must be a number a',
    ],
    [{ retry: { retryableStatusCodes: [] } }, RangeError, 'must name a status code at least'],
    [{ retry: { retryableStatusCodes: 'ABORTED' } }, TypeError, 'must be an array of status codes'],
    [{ retry: { retryableStatusCodes: ['GONE'] } }, RangeError, "got 'GONE' (string)"],
    [{ retry: { retryableStatusCodes: ['toString'] } }, RangeError, "got 'toString' (string)"],
    [{ retry: { retryableStatusCodes: [17] } }, RangeError, 'got 17 (number)'],
    [{ retry: { retryableStatusCodes: ['OK'] } }, RangeError, 'status codes of failures'],
    [{ retry: { retryableStatusCodes: [0] } }, RangeError, 'status codes of failures'],
    [{ hedging: { hedgingDelay: -1 } }, RangeError, 'hedging.hedgingDelay'],
    [{ hedging: { nonFatalStatusCodes: [null] } }, RangeError, 'got null'],
    [{ retry: {}, hedging: {} }, RangeError, 'connect() takes either retry or hedging, got both'],
    [{ retryThrottling: { maxTokens: 10 } }, TypeError, 'needs maxTokens and tokenRatio'],
    [{ retryThrottling: { maxTokens: 1001, tokenRatio: 1 } }, RangeError, 'above 0 up to 1000'],
    [{ retryBufferSize: -1 }, RangeError, 'retryBufferSize'],
    [{ methods: [] }, TypeError, 'methods must be an object, got an array of 0'],
    [{ methods: { '/a.B/C': {} } }, RangeError, "'package.Service/Method', got '/a.B/C'"],
    [{ methods: { 'a.B/': {} } }, RangeError, "got 'a.B/'"],
    [{ methods: { 'a.B': null } }, TypeError, "methods['a.B'] takes an options object, got null"],
    [{ methods: { B: { timeout: -5 } } }, RangeError, "methods['B'].timeout must be a number of m"],
    [{ methods: { B: { maxRequestSize: 0 } } }, RangeError, "methods['B'].maxRequestSize"],
    [{ methods: { B: { retry: {}, hedging: {} } } }, RangeError, "methods['B'] takes either"],
    [
      { methods: { B: { retry: { maxAttempts: 0 } } } },
      RangeError,
      "methods['B'].retry.maxAttempts",
    ],
    [
      { loadBalancing: 'random' },
      RangeError,
      "loadBalancing must be one of 'pick_first', 'round_r",
    ],
    [{ loadBalancing: true }, TypeError, 'loadBalancing must be one of'],
    [{ loadBalancing: {} }, TypeError, 'loadBalancing.policy must be one of'],
    [
      { loadBalancing: { policy: 'pick_first', blackoutPeriod: 1 } },
      TypeError,
      "loadBalancing has no option 'blackoutPeriod'",
    ],
    [
      { loadBalancing: { policy: 'weighted_round_robin', weightUpdatePeriod: 50 } },
      RangeError,
      'loadBalancing.weightUpdatePeriod must be a number of milliseconds from 100',
    ],
    [{ outlierDetection: {} }, TypeError, 'outlierDetection needs successRate or failurePercenta'],
    [
      { outlierDetection: { successRate: {} } },
      RangeError,
      "outlierDetection needs loadBalancing 'round_robin' or 'weighted_round_robin', got undefined",
    ],
    [
      { loadBalancing: 'round_robin', outlierDetection: { failurePercentage: { threshold: 101 } } },
      RangeError,
      'outlierDetection.failurePercentage.threshold must be a number from 0 up to 100, got 101',
    ],
    [{ serviceConfig: 5 }, TypeError, 'serviceConfig must be an object or its JSON, got 5'],
    [
      { serviceConfig: {}, loadBalancing: 'round_robin' },
      RangeError,
      'serviceConfig has the place of loadBalancing: give one of the two',
    ],
    [{ waitForReady: 'yes' }, TypeError, "waitForReady must be a boolean, got 'yes' (string)"],
    [{ reconnectBackoff: { max: 0 } }, RangeError, 'reconnectBackoff.max'],
    [{ maxConnectionIdle: 10 }, RangeError, 'maxConnectionIdle must be a number of milliseconds f'],
    [{ ownConnections: 1 }, TypeError, 'ownConnections must be a boolean'],
    [{ userAgent: 'a\r\nb: c' }, RangeError, 'userAgent must be printable ASCII'],
    [{ authority: '' }, RangeError, 'authority must be printable ASCII'],
    [
      { authority: 'orders .example' },
      RangeError,
      "authority must be 'host[:port]', got 'orders .",
    ],
    [
      { authority: 'https://a.example/' },
      RangeError,
      "authority must be 'host[:port]', got 'https:",
    ],
    [{ authority: 5 }, TypeError, 'authority must be a string'],
    [{ proxy: true }, TypeError, 'proxy must be a URL or false, got true'],
    [{ proxy: 'socks5://proxy:1080' }, RangeError, "proxy must be 'http://[user:password@]host:p"],
  ])('refuses %j', (options, Misfit, words) => {
    const check = () => checkChannelOptions(options as never);
    expect(check).toThrow(Misfit);
    expect(check).toThrow(words);
  });
});

describe('connect', () => {
  it('knows every option, and names them all when it is given another', () => {
    expect(CHANNEL_KEYS).toHaveLength(19);
    const refused = () => connect('127.0.0.1:1', { retries: 3 } as never);
    expect(refused).toThrow("connect() has no option 'retries'; the options are transport, ");
    for (const key of CHANNEL_KEYS) expect(refused).toThrow(key);
  });

  it('checks them whatever the transport, before anything is made', () => {
    const transport = new MemoryTransport();
    expect(() => connect('x', { transport, keepalive: { time: -1 } })).toThrow(RangeError);
    expect(() => connect('127.0.0.1:1', { keepalive: { time: -1 } })).toThrow(RangeError);
  });
});
