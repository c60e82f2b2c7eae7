import protobuf from 'protobufjs';
import { fieldName } from '../local-name.js';
import { messageCodec } from '../wire/message-codec.js';
import { fullName } from '../wire/message-shape.js';
import type { Options } from './descriptor-types.js';

/** What protobufjs keeps of options as they are written, in order; one object an option. */
type WrittenOptions = readonly { readonly [name: string]: unknown }[] | null | undefined;

/** Makes options what the codec of their message takes. */
export class OptionsWriter {
  readonly #root: protobuf.Root;

  /** @param root - has `google/protobuf/descriptor.proto`, and the extensions of its options */
  constructor(root: protobuf.Root) {
    this.#root = root;
  }

  /** The options of a definition. `message` is such as `FieldOptions`. */
  of(
    message: string,
    definition: { readonly parsedOptions?: WrittenOptions },
    scope: protobuf.NamespaceBase | null,
  ): Options {
    return this.written(message, definition.parsedOptions, scope);
  }

  /** Options as they are written; names are looked up from `scope`. */
  written(message: string, options: WrittenOptions, scope: protobuf.NamespaceBase | null): Options {
    const type = this.#root.lookupType(`google.protobuf.${message}`);
    const made: { [name: string]: unknown } = {};
    for (const option of options ?? []) {
      for (const [name, value] of Object.entries(option)) {
        const field = findField(type, name, scope);
        if (field !== undefined) add(made, field, toValue(field, value, scope));
      }
    }
    for (const [name, value] of Object.entries(made)) {
      if (!fits(type, { [name]: value })) delete made[name];
    }
    return Object.keys(made).length === 0 ? undefined : made;
  }
}

/**
 * Whether an option can be written. protobufjs takes any value for any option, and rounds integers
 * beyond 2^53: rather none than a wrong one, and rather that than no descriptor.
 */
function fits(type: protobuf.Type, option: { readonly [name: string]: unknown }): boolean {
  try {
    messageCodec(type).encode(option);
    return true;
  } catch {
    return false;
  }
}

/** Names in brackets are extensions'. Those that are not loaded have no number to be written by. */
function findField(
  type: protobuf.Type,
  name: string,
  scope: protobuf.NamespaceBase | null,
): protobuf.Field | undefined {
  const bracketed = /^[([]\.?(.+)[)\]]$/.exec(name)?.[1];
  if (bracketed === undefined) return type.fields[name];
  const extension = (scope ?? type.root).lookup(bracketed);
  return extension instanceof protobuf.Field && extension.extensionField?.parent === type
    ? extension.extensionField
    : undefined;
}

function add(made: { [name: string]: unknown }, field: protobuf.Field, value: unknown): void {
  const property = field.declaringField
    ? `[${fullName(field.declaringField)}]`
    : fieldName(field.name);
  made[property] = field.repeated
    ? [...((made[property] as unknown[] | undefined) ?? []), ...[value].flat()]
    : value;
}

function toValue(
  field: protobuf.FieldBase,
  value: unknown,
  scope: protobuf.NamespaceBase | null,
): unknown {
  if (Array.isArray(value)) return value.map((each) => toValue(field, each, scope));
  const { resolvedType } = field.resolve();
  if (resolvedType instanceof protobuf.Enum) return resolvedType.values[String(value)] ?? value;
  if (resolvedType instanceof protobuf.Type) return toMessage(resolvedType, value, scope);
  return field.type === 'bytes' ? Buffer.from(String(value), 'latin1') : value;
}

function toMessage(
  type: protobuf.Type,
  value: unknown,
  scope: protobuf.NamespaceBase | null,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const made: { [name: string]: unknown } = {};
  for (const [name, each] of Object.entries(value)) {
    const field = findField(type, name, scope);
    if (field === undefined) continue;
    if (field instanceof protobuf.MapField) made[fieldName(field.name)] = toMap(field, each, scope);
    else add(made, field, toValue(field, each, scope));
  }
  return made;
}

/** In text a map is a list of `{ key, value }`. */
function toMap(
  field: protobuf.MapField,
  entries: unknown,
  scope: protobuf.NamespaceBase | null,
): unknown {
  const list = [entries].flat() as { readonly key?: unknown; readonly value?: unknown }[];
  return Object.fromEntries(
    list.map(({ key, value }) => [String(key), toValue(field, value, scope)]),
  );
}
