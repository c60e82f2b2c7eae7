import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TlsSource } from '../../lib/transport/tls/tls-source.js';
import { Authority } from '../support/certificates.js';
import { identityFiles } from '../support/identity-files.js';
import { collectWarnings } from '../support/warnings.js';

const authority = new Authority();
const identities = [0, 1, 2].map(() => authority.issue());
const [first] = identities as [(typeof identities)[0]];

/** One thing that happens to the files, or a look at them. */
const step = fc.oneof(
  fc.record({ kind: fc.constantFrom('cert', 'key'), which: fc.nat({ max: 2 }) }),
  fc.record({ kind: fc.constant('cut'), which: fc.nat({ max: 900 }) }),
  fc.record({ kind: fc.constant('look'), which: fc.constant(0) }),
);

describe('files that are changed in any order, and looked at in between', () => {
  it('what is in use fits together, and is the newest that did when it was looked at', async () => {
    collectWarnings();
    const files = identityFiles(first);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        files.write(first);
        const { certFile, keyFile } = files;
        const source = new TlsSource({ certFile, keyFile, refreshInterval: Infinity });
        const now = { cert: first.cert, key: first.key };
        let expected = first.cert;
        for (const { kind, which } of steps) {
          if (kind === 'look') {
            await source.refresh();
            const isWhole = identities.some(
              ({ cert, key }) => cert === now.cert && key === now.key,
            );
            if (isWhole) expected = now.cert;
            const { cert, key } = source.current.options;
            expect(cert).toBe(expected);
            expect(identities).toContainEqual({ cert, key });
            expect(() => new X509Certificate(String(cert))).not.toThrow();
          } else {
            if (kind === 'cut') now.cert = first.cert.slice(0, which % (first.cert.length - 40));
            else now[kind as 'cert' | 'key'] = identities[which]![kind as 'cert' | 'key'];
            files.write(now);
          }
        }
        source.close();
      }),
      { numRuns: 60 },
    );
  });
});
