import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Timer } from '../../base/timer.js';
import { wordsOf } from '../../base/words-of.js';
import type { Pem, TlsOptions } from '../../call/tls-options.js';
import { type PemPart, type TlsMaterial, toTlsMaterial } from './tls-material.js';

/** How often files are looked at, in milliseconds. */
const DEFAULT_REFRESH_INTERVAL = 30_000;

type PartName = 'ca' | 'cert' | 'key';
type FileTexts = ReadonlyMap<PartName, string>;

/**
 * Certificates and keys, and their files while those change.
 *
 * ```
 *   construct ── read, check ──► current ◄── changed and good: listeners are told ──┐
 *                                   └── every refreshInterval: read again ──────────┤
 *            changed, but broken: the former stays, one warning if it lasts ◄───────┘
 * ```
 * A certificate and its key are two files, and are replaced one after the other: what is found
 * between the two does not fit together. The next look finds both, and nobody need hear of it.
 */
export class TlsSource {
  readonly #options: TlsOptions;
  readonly #paths: ReadonlyMap<PartName, string>;
  readonly #listeners = new Set<(material: TlsMaterial) => void>();
  #texts: FileTexts;
  #material: TlsMaterial;
  #timer: Timer | undefined;
  #brokenLooks = 0;
  #closed = false;

  /**
   * Reads and checks at once.
   *
   * @param options - whose shape has been checked
   * @throws {RangeError} naming the option, and the file, that cannot be read or used
   */
  constructor(options: TlsOptions) {
    this.#options = options;
    this.#paths = pathsOf(options);
    const texts = new Map<PartName, string>();
    for (const [part, path] of this.#paths) {
      try {
        texts.set(part, readFileSync(path, 'utf8'));
      } catch (thrown) {
        throw unreadable(part, path, thrown);
      }
    }
    this.#texts = texts;
    this.#material = this.#toMaterial(texts);
  }

  /** What connections made from now on should use. */
  get current(): TlsMaterial {
    return this.#material;
  }

  /** Calls `listener` whenever there is new material. */
  onChange(listener: (material: TlsMaterial) => void): void {
    this.#listeners.add(listener);
  }

  /** Looks at the files now. Never rejects: what is broken is a warning, and changes nothing. */
  async refresh(): Promise<void> {
    try {
      const texts = await this.#readAll();
      if (this.#closed) return;
      if (!isSame(texts, this.#texts)) this.#take(texts);
      this.#brokenLooks = 0;
    } catch (thrown) {
      this.#noteBroken(thrown);
    }
  }

  /** Looks at no file any more. */
  close(): void {
    this.#closed = true;
    this.#timer?.stop();
    this.#listeners.clear();
  }

  #take(texts: FileTexts): void {
    this.#material = this.#toMaterial(texts);
    this.#texts = texts;
    for (const listener of this.#listeners) listener(this.#material);
  }

  /** Looks at the files again every `refreshInterval`, until it is closed. Idempotent. */
  watch(): void {
    if (this.#timer === undefined) this.#lookLater();
  }

  #lookLater(): void {
    if (this.#closed || this.#paths.size === 0) return;
    const { refreshInterval = DEFAULT_REFRESH_INTERVAL } = this.#options;
    this.#timer = new Timer(refreshInterval, () => {
      void this.refresh().then(() => this.#lookLater());
    });
    this.#timer.unref();
  }

  /** By their contents: times of files are coarse, and links to them are exchanged. */
  async #readAll(): Promise<FileTexts> {
    const texts = new Map<PartName, string>();
    for (const [part, path] of this.#paths) {
      try {
        texts.set(part, await readFile(path, 'utf8'));
      } catch (thrown) {
        throw unreadable(part, path, thrown);
      }
    }
    return texts;
  }

  #toMaterial(texts: FileTexts): TlsMaterial {
    const part = (name: PartName): PemPart | undefined => {
      const text = texts.get(name);
      if (text !== undefined) return { from: label(name, this.#paths.get(name)), text };
      const pem = this.#options[name];
      return pem === undefined ? undefined : { from: `tls.${name}`, text: textOf(pem) };
    };
    const { passphrase } = this.#options;
    return toTlsMaterial({ ca: part('ca'), cert: part('cert'), key: part('key'), passphrase });
  }

  /** Warns once until the files have been good again, and not before a second look at them. */
  #noteBroken(thrown: unknown): void {
    this.#brokenLooks += 1;
    if (this.#closed || this.#brokenLooks !== 2) return;
    process.emitWarning(`${wordsOf(thrown)}; what was read before stays in use`, {
      type: 'TributaryWarning',
      code: 'TRIBUTARY_TLS_FILES',
    });
  }
}

function pathsOf({ caFile, certFile, keyFile }: TlsOptions): ReadonlyMap<PartName, string> {
  const paths = new Map<PartName, string>();
  if (caFile !== undefined) paths.set('ca', caFile);
  if (certFile !== undefined) paths.set('cert', certFile);
  if (keyFile !== undefined) paths.set('key', keyFile);
  return paths;
}

function isSame(some: FileTexts, others: FileTexts): boolean {
  for (const [part, text] of some) if (others.get(part) !== text) return false;
  return true;
}

function textOf(pem: Pem): string {
  return typeof pem === 'string' ? pem : Buffer.from(pem).toString('utf8');
}

function label(part: PartName, path: string | undefined): string {
  return `tls.${part}File '${path}'`;
}

function unreadable(part: PartName, path: string, thrown: unknown): RangeError {
  return new RangeError(`${label(part, path)} cannot be read: ${wordsOf(thrown)}`, {
    cause: thrown,
  });
}
