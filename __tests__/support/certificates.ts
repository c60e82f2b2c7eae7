import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, element, integer, octets, oid, sequence, set, TRUE, time, utf8 } from './der.js';

/** A certificate and its private key, in PEM form. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  /** Whose it is. */
  readonly name?: string;
  /** Host names and addresses that it is good for; 127.0.0.1 and localhost unless given. */
  readonly hosts?: readonly string[];
  /** Good from an hour ago unless given. */
  readonly from?: Date;
  /** Good for an hour unless given. */
  readonly until?: Date;
}

/** An authority of one's own. Made at run time, so that nothing that is committed expires. */
export class Authority {
  readonly cert: string;
  readonly #name: string;
  readonly #keys = newKeys();

  constructor(name = 'Test Authority') {
    this.#name = name;
    const isAuthority = extension('2.5.29.19', sequence(TRUE), true);
    this.cert = certificate(name, { name }, this.#keys.publicKey, isAuthority, this.#keys);
  }

  /** A certificate that leads to this authority. */
  issue(options: CertificateOptions = {}): Identity {
    const keys = newKeys();
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { cert: this.#certify(keys.publicKey, options), key };
  }

  /** The same with its key encrypted. */
  issueLocked(passphrase: string): Identity & { passphrase: string } {
    const keys = newKeys();
    const format = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const;
    const key = keys.privateKey.export(format).toString();
    return { cert: this.#certify(keys.publicKey, {}), key, passphrase };
  }

  #certify(publicKey: KeyObject, options: CertificateOptions): string {
    const { hosts = ['127.0.0.1', 'localhost'] } = options;
    const names = extension('2.5.29.17', sequence(...hosts.map(hostName)), false);
    return certificate(this.#name, options, publicKey, names, this.#keys);
  }
}

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const HOUR = 3_600_000;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const VERSION_3 = element(0xa0, integer(Buffer.from([2])));

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate(
  issuer: string,
  { name = 'test', from, until }: CertificateOptions,
  publicKey: KeyObject,
  extensions: Buffer,
  signer: Keys,
): string {
  const body = sequence(
    VERSION_3,
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer),
    sequence(time(from ?? new Date(Date.now() - HOUR)), time(until ?? new Date(Date.now() + HOUR))),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(extensions)),
  );
  const signature = sign('sha256', body, signer.privateKey);
  const der = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
}

/** The name of a host as an alternative name of the subject. */
function hostName(host: string): Buffer {
  if (isIP(host) === 4) return element(0x87, Buffer.from(host.split('.').map(Number)));
  if (host === '::1') return element(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])]));
  return element(0x82, Buffer.from(host));
}
