import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { wordsOf } from '../../base/words-of.js';

/** One of the three parts, and where it is from, such as `tls.cert` or `tls.certFile '/a/b.pem'`. */
export interface PemPart {
  readonly from: string;
  readonly text: string;
}

/** What an identity and whom to trust are given as. */
export interface PemParts {
  readonly ca: PemPart | undefined;
  readonly cert: PemPart | undefined;
  readonly key: PemPart | undefined;
  readonly passphrase: string | undefined;
}

/** An identity and whom to trust, checked and in the two forms that Node.js takes. */
export interface TlsMaterial {
  readonly options: SecureContextOptions;
  readonly context: SecureContext;
}

/**
 * Checks what Node.js would take without a word, or refuse without naming it.
 *
 * @throws {RangeError} naming the part: it is no PEM, cut off, or the key is not the certificate's
 */
export function toTlsMaterial({ ca, cert, key, passphrase }: PemParts): TlsMaterial {
  if (ca !== undefined) certificatesOf(ca);
  if (cert !== undefined && key !== undefined) {
    const [own] = certificatesOf(cert);
    if (own?.checkPrivateKey(privateKeyOf(key, passphrase)) !== true) {
      throw new RangeError(`${key.from} is not the key of the certificate in ${cert.from}`);
    }
  }
  const options: SecureContextOptions = {
    ca: ca?.text,
    cert: cert?.text,
    key: key?.text,
    passphrase,
    minVersion: 'TLSv1.2',
  };
  try {
    return { options, context: createSecureContext(options) };
  } catch (thrown) {
    // Such as a key that OpenSSL's security level finds too small.
    throw new RangeError(`tls cannot be used: ${wordsOf(thrown)}`, { cause: thrown });
  }
}

const BEGIN = /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/g;
const BLOCK = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[A-Za-z0-9+/=\s]+-----END \1-----/g;

/** All of them, the first one's own; text around them is allowed, as OpenSSL does. */
function certificatesOf({ from, text }: PemPart): X509Certificate[] {
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0) {
    throw new RangeError(`${from} must be certificates in PEM form, found none`);
  }
  if (blocks.length < (text.match(BEGIN) ?? []).length) {
    throw new RangeError(`${from} must be certificates in PEM form, found one that is cut off`);
  }
  return blocks.map((block, i) => {
    try {
      return new X509Certificate(block);
    } catch (thrown) {
      throw new RangeError(
        `${from} must be certificates in PEM form, number ${i + 1} is malformed: ${wordsOf(thrown)}`,
        { cause: thrown },
      );
    }
  });
}

function privateKeyOf({ from, text }: PemPart, passphrase: string | undefined): KeyObject {
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) {
    throw new RangeError(`${from} must be a private key in PEM form, found none`);
  }
  try {
    return createPrivateKey({ key: text, format: 'pem', passphrase });
  } catch (thrown) {
    const locked = /^\s*-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(text);
    const fault = passphrase === undefined ? 'is missing' : 'does not open it';
    throw new RangeError(
      locked
        ? `${from} is encrypted, and tls.passphrase ${fault}`
        : `${from} must be a private key in PEM form: ${wordsOf(thrown)}`,
      { cause: thrown },
    );
  }
}
