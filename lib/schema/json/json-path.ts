import { at } from '../wire/find-misfit.js';

/** A step into a message: a field's name, the position in a list, or the key of a map. */
type Step = string | number | readonly [key: string];

/** Where in a message the conversion is. Its text is only made when something is wrong there. */
export class JsonPath {
  readonly #root: string;
  readonly #steps: Step[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** Every way out must `leave` again, except an error: that ends the conversion. */
  enter(step: Step): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  /** What `act` gives; an error that leaves it says where it happened. */
  tell<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw error instanceof Error ? at(this.#text(), error) : error;
    }
  }

  #text(): string {
    return this.#root + this.#steps.map(textOf).join('');
  }
}

function textOf(step: Step): string {
  if (typeof step === 'string') return `.${step}`;
  return `[${typeof step === 'number' ? step : JSON.stringify(step[0])}]`;
}
