import { integerNumber } from './integer.js';
import type { Block, Field, Import, Named, Range, ScannedProto } from './scanned-proto.js';
import { type Token, tokensOf } from './token.js';

/**
 * Finds what a `.proto` file declares, and on which line: protobufjs, which parses it in earnest,
 * does not tell. Of a file that is not valid it finds what it can.
 */
export function scanProto(path: string, source: string): ScannedProto {
  return new Scanner(tokensOf(source)).scan(path);
}

class Scanner {
  readonly #tokens: readonly Token[];
  #at = 0;
  #syntax = 'proto2';
  #syntaxLine = 1;
  #package: Named = { name: '', line: 1 };
  readonly #imports: Import[] = [];
  readonly #fileOptions = new Map<string, string>();
  readonly #optionLines = new Map<string, number>();
  readonly #blocks: Block[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  scan(path: string): ScannedProto {
    while (this.#at < this.#tokens.length) this.#topLevel();
    return {
      path,
      syntax: this.#syntax,
      syntaxLine: this.#syntaxLine,
      package: this.#package,
      imports: this.#imports,
      options: this.#fileOptions,
      optionLines: this.#optionLines,
      blocks: this.#blocks,
    };
  }

  #topLevel(): void {
    const { text, line } = this.#next();
    if (text === 'syntax' || text === 'edition') {
      this.#syntax = unquoted(this.#statement()[1]);
      this.#syntaxLine = line;
    } else if (text === 'package') this.#package = { name: this.#statement().join(''), line };
    else if (text === 'import') this.#import(line);
    else if (text === 'option') {
      const name = setOption(this.#fileOptions, this.#statement());
      this.#optionLines.set(name, line);
    } else this.#block(text, undefined);
  }

  #import(line: number): void {
    const words = this.#statement();
    const isPublic = words[0] === 'public';
    this.#imports.push({ name: unquoted(words.at(-1)), line, isPublic });
  }

  /** Reads a declaration with braces, if one begins here. */
  #block(keyword: string, parent: Block | undefined): boolean {
    if (!isKind(keyword) || this.#peek(1)?.text !== '{') return false;
    const { text: name, line } = this.#next();
    this.#next();
    this.#blocks.push(this.#body(this.#open(keyword, name, line, parent)));
    return true;
  }

  #open(kind: Block['kind'], name: string, line: number, parent: Block | undefined): Block {
    const around = parent === undefined ? this.#package.name : parent.fullName;
    const fullName = kind === 'extend' ? around : around === '' ? name : `${around}.${name}`;
    return {
      ...{ kind, name, line, fullName, parent },
      ...{ fields: [], oneofs: [], values: [], methods: [] },
      ...{ reserved: [], reservedNames: [], extensions: [], options: new Map() },
    };
  }

  #body(block: Block, oneof?: string): Block {
    while (this.#at < this.#tokens.length) {
      const token = this.#next();
      if (token.text === '}') break;
      // Edition 2024 has a word for who may see a nested type.
      const isVisibility = /^(export|local)$/.test(token.text) && this.#peek(2)?.text === '{';
      if (token.text !== ';' && !isVisibility) this.#member(block, token, oneof);
    }
    return block;
  }

  #member(block: Block, { text, line }: Token, oneof: string | undefined): void {
    if (text === 'option') setOption(block.options, this.#statement());
    else if (text === 'rpc') this.#method(block);
    else if (block.kind === 'service') this.#statement();
    else if (text === 'reserved' && this.#isList()) this.#reserved(block);
    else if (block.kind === 'enum') this.#value(block, text, line);
    else if (text === 'extensions') block.extensions.push(...rangesOf(this.#statement()));
    else if (text === 'oneof' && this.#peek(1)?.text === '{') this.#oneof(block);
    else if (!this.#block(text, block)) this.#field(block, text, oneof);
  }

  /** `reserved 1, 2 to 5;` or `reserved "a";`, not a field of a type of that name. */
  #isList(): boolean {
    return this.#peek(0)?.text !== '=' && this.#peek(1)?.text !== '=';
  }

  #reserved(block: Block): void {
    const words = this.#statement();
    block.reserved.push(...rangesOf(words));
    for (const word of words) {
      const name = /^["']?([A-Za-z_]\w*)["']?$/.exec(word)?.[1];
      if (name !== undefined && word !== 'to' && word !== 'max') block.reservedNames.push(name);
    }
  }

  #oneof(block: Block): void {
    const { text: name, line } = this.#next();
    this.#next();
    block.oneofs.push({ name, line });
    this.#body(block, name);
  }

  #method(block: Block): void {
    const { text: name, line } = this.#next();
    block.methods.push({ name, line, types: methodTypes(this.#statement().join(' ')) });
  }

  #value(block: Block, name: string, line: number): void {
    const words = this.#statement();
    const number = words[1] === '-' ? `-${words[2]}` : (words[1] ?? '');
    block.values.push({ name, line, number });
  }

  #field(block: Block, first: string, oneof: string | undefined): void {
    const label = /^(optional|required|repeated)$/.test(first) ? first : undefined;
    const word = label === undefined ? first : this.#next().text;
    const map = word === 'map' && this.#peek(0)?.text === '<' ? this.#mapTypes() : undefined;
    const type = map?.type ?? word;
    const { text: name, line } = this.#next();
    this.#next(); // =
    const number = this.#next().text;
    const options = new Map<string, string>();
    if (this.#peek(0)?.text === '[') this.#options(options);
    const field: Field = { name, line, label, type, number, key: map?.key, oneof, options };
    block.fields.push(field);
    if (type === 'group' && this.#next().text === '{') {
      this.#blocks.push(this.#body(this.#open('message', name, line, block)));
    }
  }

  /** `<key, type>` */
  #mapTypes(): { readonly key: string; readonly type: string } {
    this.#next();
    const key = this.#next().text;
    this.#next();
    const type = this.#next().text;
    const end = this.#tokens.findIndex(({ text }, i) => i >= this.#at && text === '>');
    this.#at = end < 0 ? this.#tokens.length : end + 1;
    return { key, type };
  }

  /** `[a = 1, (b).c = { … }]` */
  #options(options: Map<string, string>): void {
    let words: string[] = [];
    let depth = 0;
    while (this.#at < this.#tokens.length) {
      const { text } = this.#next();
      if (depth === 1 && (text === ',' || text === ']')) {
        setOption(options, words);
        words = [];
      } else if (depth > 0) words.push(text);
      if (text === '[' || text === '{') depth++;
      if ((text === ']' || text === '}') && --depth === 0) return;
    }
  }

  /** The words up to the `;` that ends a statement, or the block that does. */
  #statement(): string[] {
    const words: string[] = [];
    let depth = 0;
    while (this.#at < this.#tokens.length) {
      const { text } = this.#next();
      if (text === ';' && depth === 0) break;
      if (text === '{') depth++;
      if (text === '}' && --depth <= 0) break;
      words.push(text);
    }
    if (this.#peek(0)?.text === ';') this.#at++;
    return words;
  }

  #next(): Token {
    return this.#tokens[this.#at++] ?? { text: '', line: this.#tokens.at(-1)?.line ?? 1 };
  }

  #peek(ahead: number): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }
}

function isKind(word: string): word is Block['kind'] {
  return word === 'message' || word === 'enum' || word === 'service' || word === 'extend';
}

function unquoted(word: string | undefined): string {
  return word?.replace(/^["']|["']$/g, '') ?? '';
}

/** @returns the name of the option */
function setOption(options: Map<string, string>, words: readonly string[]): string {
  const equals = words.indexOf('=');
  const name = words.slice(0, Math.max(equals, 0)).join('');
  if (name !== '') options.set(name, words.slice(equals + 1).join(''));
  return name;
}

/** `( A ) returns ( stream B )` */
function methodTypes(text: string): string[] {
  return [...text.matchAll(/\( (?:stream (?!\)))?([^()]*?) \)/g)]
    .slice(0, 2)
    .map(([, type = '']) => type.replaceAll(' ', ''));
}

/** `1, 5 to 7, 9 to max` */
function rangesOf(words: readonly string[]): Range[] {
  const text = words.join(' ').replace(/- /g, '-').replace(/\[.*/, '');
  return text.split(',').flatMap((part) => {
    const [, from, to = from] = /^\s*(-?\w+)(?: to (-?\w+))?\s*$/.exec(part) ?? [];
    const start = integerNumber(from ?? '');
    const end = to === 'max' ? Infinity : integerNumber(to ?? '');
    return Number.isNaN(start) || Number.isNaN(end) ? [] : [{ from: start, to: end }];
  });
}
