import { rmSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import type { TlsOptions } from '../../lib/call/tls-options.js';
import { TlsSource } from '../../lib/transport/tls/tls-source.js';
import { turns, whenOver } from '../stories/harness.js';
import { Authority } from '../support/certificates.js';
import { type IdentityFiles, identityFiles } from '../support/identity-files.js';
import { collectWarnings } from '../support/warnings.js';

const authority = new Authority();
const { cert: ca } = authority;
const own = authority.issue();
const other = authority.issue();

function sourceOf({ write: _write, ...files }: Partial<IdentityFiles>, more: TlsOptions = {}) {
  const source = new TlsSource({ ...files, ...more, refreshInterval: Infinity });
  whenOver(() => source.close());
  const heard: unknown[] = [];
  source.onChange(({ options }) => heard.push(options.cert));
  return { source, heard };
}

describe('what certificates and keys are refused', () => {
  it.each<[string, TlsOptions, RegExp]>([
    ['no PEM at all', { ca: 'junk' }, /^tls\.ca must be certificates in PEM form, found none/],
    ['an empty text', { ca: '' }, /^tls\.ca must be certificates in PEM form, found none/],
    ['a cut certificate', { ca: ca.slice(0, 200) }, /^tls\.ca must be .* found none/],
    ['a second one that is cut', { ca: ca + ca.slice(0, 200) }, /^tls\.ca .* one that is cut off/],
    [
      'bytes that are no certificate',
      { ca: Buffer.from(ca.replace(/MII/, 'AAA')) },
      /^tls\.ca must be certificates in PEM form, number 1 is malformed: /,
    ],
    [
      'the key of another',
      { ...own, key: other.key },
      /^tls\.key is not the key of the certificate in tls\.cert$/,
    ],
    [
      'a certificate for a key',
      { ...own, key: own.cert },
      /^tls\.key must be a private key in PEM/,
    ],
    ['a key that is cut', { ...own, key: own.key.slice(0, 90) }, /^tls\.key must be a private key/],
    [
      'a locked key',
      { ...authority.issueLocked('a'), passphrase: undefined },
      /^tls\.key is encrypted, and tls\.passphrase is missing$/,
    ],
    [
      'the wrong passphrase',
      { ...authority.issueLocked('a'), passphrase: 'b' },
      /^tls\.key is encrypted, and tls\.passphrase does not open it$/,
    ],
    [
      'a file that is not there',
      { caFile: '/no/such/ca.pem' },
      /^tls\.caFile '\/no\/such\/ca\.pem' cannot be read: ENOENT/,
    ],
    ['a directory', { caFile: '/' }, /^tls\.caFile '\/' cannot be read: EISDIR/],
  ])('%s', (_what, options, why) => {
    expect(() => new TlsSource(options)).toThrow(RangeError);
    expect(() => new TlsSource(options)).toThrow(why);
  });

  it('text around the certificates is allowed, and several of them', () => {
    const source = new TlsSource({ ca: `# ours\n${ca}\n# theirs\n${new Authority().cert}` });
    expect(source.current.options.ca).toContain('# theirs');
  });

  it('a file that is broken is named', () => {
    const { certFile, keyFile } = identityFiles({ ...own, key: other.key });
    expect(() => new TlsSource({ certFile, keyFile })).toThrow(
      `tls.keyFile '${keyFile}' is not the key of the certificate in tls.certFile '${certFile}'`,
    );
  });
});

describe('files that change', () => {
  it('listeners hear of a change, and of nothing else', async () => {
    const files = identityFiles({ ...own, ca });
    const { source, heard } = sourceOf(files);
    await source.refresh();
    files.write(own);
    await source.refresh();
    expect(heard).toEqual([]);
    files.write(other);
    await source.refresh();
    await source.refresh();
    expect(heard).toEqual([other.cert]);
    expect(source.current.options).toMatchObject({ cert: other.cert, key: other.key, ca });
  });

  it('beside parts that are given as they are', async () => {
    const files = identityFiles({ ca });
    const { source } = sourceOf({ caFile: files.caFile }, own);
    const next = new Authority().cert;
    files.write({ ca: next });
    await source.refresh();
    expect(source.current.options).toMatchObject({ ...own, ca: next });
  });

  it('a certificate without its key yet: the former stays, one warning, then the new one', async () => {
    const warnings = collectWarnings();
    const files = identityFiles({ ...own, ca });
    const { source, heard } = sourceOf(files);
    const { current } = source;
    files.write({ cert: other.cert });
    await source.refresh();
    expect(warnings).toEqual([]);
    for (let i = 0; i < 3; i += 1) await source.refresh();
    expect(source.current).toBe(current);
    expect(heard).toEqual([]);
    expect(warnings).toEqual([
      `tls.keyFile '${files.keyFile}' is not the key of the certificate in tls.certFile ` +
        `'${files.certFile}'; what was read before stays in use`,
    ]);
    files.write({ key: other.key });
    await source.refresh();
    expect(heard).toEqual([other.cert]);
    expect(warnings).toHaveLength(1);
  });

  it('junk, half a file, no file: as many warnings as there were good ones between', async () => {
    const warnings = collectWarnings();
    const files = identityFiles({ ...own, ca });
    const { source } = sourceOf(files);
    const { current } = source;
    for (const spoil of [
      () => files.write({ ca: 'junk' }),
      () => files.write({ cert: own.cert.slice(0, 100) }),
      () => rmSync(files.keyFile),
    ]) {
      spoil();
      await source.refresh();
      await source.refresh();
      expect(source.current).toBe(current);
      files.write({ ...own, ca });
      await source.refresh();
    }
    expect(warnings).toEqual([
      expect.stringMatching(/^tls\.caFile .* found none; what was read before stays in use$/),
      expect.stringMatching(/^tls\.certFile .* found none; /),
      expect.stringMatching(/^tls\.keyFile .* cannot be read: ENOENT.*; /),
    ]);
  });

  it('nothing is heard after close, even of a look that had begun', async () => {
    const warnings = collectWarnings();
    const files = identityFiles({ ...own, ca });
    const { source, heard } = sourceOf(files);
    files.write(other);
    const looking = source.refresh();
    source.close();
    await looking;
    files.write({ ca: 'junk' });
    await source.refresh();
    expect(heard).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('looks every refreshInterval, 30 seconds unless given, until it is closed', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    whenOver(() => jest.useRealTimers());
    for (const [refreshInterval, interval] of [
      [undefined, 30_000],
      [50, 50],
    ] as const) {
      const files = identityFiles({ ...own, ca });
      const { write, ...paths } = files;
      const source = new TlsSource({ ...paths, refreshInterval });
      expect(jest.getTimerCount()).toBe(0);
      source.watch();
      source.watch();
      expect(jest.getTimerCount()).toBe(1);
      for (const next of [other, own]) {
        const changed = new Promise<unknown>((resolve) => source.onChange(resolve));
        write(next);
        jest.advanceTimersByTime(interval - 1);
        expect(source.current.options.cert).not.toBe(next.cert);
        jest.advanceTimersByTime(1);
        await changed;
        expect(source.current.options.cert).toBe(next.cert);
        while (jest.getTimerCount() === 0) await turns(1);
      }
      source.close();
      source.watch();
      expect(jest.getTimerCount()).toBe(0);
    }
  });

  it('without files there is nothing to look at', () => {
    jest.useFakeTimers();
    whenOver(() => jest.useRealTimers());
    const source = new TlsSource({ ...own, ca });
    source.watch();
    expect(jest.getTimerCount()).toBe(0);
    source.close();
  });
});
