import type { FieldTraits } from './declarations.js';

/**
 * A field of a message, as `field.string(1)` makes it. Each method gives a new field.
 *
 * @typeParam Out - what reading gives
 * @typeParam In - what writing takes
 */
export class Field<Out, In = Out> {
  /** Only in the types. */
  declare readonly out: Out;
  /** Only in the types. */
  declare readonly in: In;
  /** What was declared. Not to be changed. */
  readonly traits: FieldTraits;

  constructor(traits: FieldTraits) {
    this.traits = traits;
  }

  /**
   * Tells a zero from no value: unset is `undefined`. Messages always do.
   *
   * @throws {TypeError} for a list or a map
   */
  optional(): Field<Out | undefined, In> {
    this.#mustBeSingular('optional');
    return new Field({ ...this.traits, label: 'optional' });
  }

  /**
   * A list of these; `[]` when nothing was sent.
   *
   * @throws {TypeError} for an optional field, or a list or a map
   */
  repeated(): Field<NonNullable<Out>[], readonly In[]> {
    this.#mustBeSingular('repeated');
    return new Field({ ...this.traits, label: 'repeated' });
  }

  /** Marks the field as not to be used any more. */
  deprecated(): Field<Out, In> {
    return new Field({ ...this.traits, deprecated: true });
  }

  #mustBeSingular(label: string): void {
    if (this.traits.label === 'implicit') return;
    throw new TypeError(`a field cannot be both ${this.traits.label} and ${label}`);
  }
}

/** Any field. */
export type AnyField = Field<unknown, unknown>;
