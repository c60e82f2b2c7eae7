import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Identity } from './certificates.js';

/** Files of a certificate, its key and an authority, as TLS options name them. */
export interface IdentityFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  /** Puts these into the files. */
  write(parts: Partial<Identity> & { readonly ca?: string }): void;
}

/** New files in a directory of their own, which goes when the tests are over. */
export function identityFiles(parts: Parameters<IdentityFiles['write']>[0]): IdentityFiles {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-tls-'));
  directories.push(directory);
  const files = {
    certFile: join(directory, 'cert.pem'),
    keyFile: join(directory, 'key.pem'),
    caFile: join(directory, 'ca.pem'),
  };
  const write: IdentityFiles['write'] = ({ cert, key, ca }) => {
    if (cert !== undefined) writeFileSync(files.certFile, cert);
    if (key !== undefined) writeFileSync(files.keyFile, key);
    if (ca !== undefined) writeFileSync(files.caFile, ca);
  };
  write(parts);
  return { ...files, write };
}

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});
