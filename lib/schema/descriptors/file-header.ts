import protobuf from 'protobufjs';

/** What a file says of itself, beside its definitions. */
export interface FileHeader {
  /** `proto2`, `proto3` or the edition, such as `2023`. */
  readonly edition: string;
  readonly package: string;
  readonly imports: readonly FileImport[];
  /** Scalar options by name, with those of its features as `features.name`. */
  readonly options: { readonly [name: string]: unknown };
}

/** One `import`. */
export interface FileImport {
  readonly name: string;
  readonly kind: 'public' | 'weak' | undefined;
}

/** The header of the well-known files that protobufjs has in memory: they import nothing. */
const IN_MEMORY: FileHeader = {
  edition: 'proto3',
  package: 'google.protobuf',
  imports: [],
  options: {},
};

/**
 * The header of a file that protobufjs has parsed: its reflection merges the options of all files
 * of a package, and keeps neither which imports are public nor which file had which.
 */
export function fileHeader(source: string | undefined): FileHeader {
  return source === undefined ? IN_MEMORY : new HeaderReader(source).read();
}

class HeaderReader {
  readonly #tokens: protobuf.ITokenizerHandle;
  readonly #imports: FileImport[] = [];
  readonly #options: { [name: string]: unknown } = {};
  #edition = 'proto2';
  #package = '';

  constructor(source: string) {
    this.#tokens = protobuf.tokenize(source, false);
  }

  read(): FileHeader {
    for (let token = this.#next(); token !== null; token = this.#next()) this.#statement(token);
    return {
      edition: this.#edition,
      package: this.#package,
      imports: this.#imports,
      options: this.#options,
    };
  }

  #statement(token: string): void {
    if (token === 'syntax' || token === 'edition') {
      this.#next(); // =
      this.#edition = this.#value() as string;
    } else if (token === 'package') {
      this.#package = this.#next() ?? '';
    } else if (token === 'import') {
      this.#import();
    } else if (token === 'option') {
      this.#option();
    } else if (token !== ';') {
      this.#definition();
    }
  }

  #import(): void {
    const kind = this.#tokens.peek();
    if (kind === 'public' || kind === 'weak' || kind === 'option') this.#next();
    const name = this.#value() as string;
    // An option import only declares options for the compiler.
    if (kind !== 'option') {
      this.#imports.push({ name, kind: kind === 'public' || kind === 'weak' ? kind : undefined });
    }
  }

  #option(): void {
    let name = '';
    for (let token = this.#next(); token !== null && token !== '='; token = this.#next()) {
      name += token;
    }
    if (this.#tokens.peek() === '{') this.#block();
    else this.#options[name] = this.#value();
  }

  /** Behind the keyword of a definition: its name, which may be a keyword, and its block. */
  #definition(): void {
    for (let token = this.#tokens.peek(); token !== '{' && token !== null; ) {
      this.#next();
      token = this.#tokens.peek();
    }
    this.#block();
  }

  #block(): void {
    let depth = 0;
    do {
      const token = this.#next();
      if (token === null) return;
      if (token === '{') depth += 1;
      else if (token === '}') depth -= 1;
      else if (token === '"' || token === "'") this.#string(token);
    } while (depth > 0);
  }

  #value(): unknown {
    const token = this.#next();
    if (token === '"' || token === "'") return this.#string(token);
    return token === 'true' ? true : token === 'false' ? false : token;
  }

  /** Behind the opening quote; strings side by side are one. */
  #string(quote: string): string {
    let text = this.#next() ?? '';
    this.#tokens.skip(quote);
    const following = this.#tokens.peek();
    if (following === '"' || following === "'") {
      this.#next();
      text += this.#string(following);
    }
    return text;
  }

  #next(): string | null {
    return this.#tokens.next();
  }
}
