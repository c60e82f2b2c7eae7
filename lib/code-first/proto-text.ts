import { commentLines } from './comment.js';

/** Lines of a `.proto`, indented by two spaces for each block around them. */
export class ProtoText {
  readonly #lines: string[] = [];
  #depth = 0;
  /** Where the block begins that the next line is in. */
  #start = 0;

  line(text: string): void {
    this.#lines.push(`${'  '.repeat(this.#depth)}${text}`);
  }

  comment(text: string | undefined): void {
    if (text === undefined) return;
    for (const line of commentLines(text)) this.line(line);
  }

  /** One empty line, however often it is asked for, and none where a block begins. */
  blank(): void {
    if (this.#lines.length > this.#start && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  block(head: string, body: () => void): void {
    this.line(`${head} {`);
    const outer = this.#start;
    const start = this.#lines.length;
    this.#start = start;
    this.#depth += 1;
    body();
    if (this.#lines.at(-1) === '') this.#lines.pop();
    this.#depth -= 1;
    this.#start = outer;
    if (this.#lines.length > start) this.line('}');
    else this.#lines[start - 1] += '}';
  }

  toString(): string {
    return `${this.#lines.join('\n').trimEnd()}\n`;
  }
}
