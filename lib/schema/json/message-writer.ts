import type protobuf from 'protobufjs';
import { isRecord } from '../wire/is-record.js';
import { setEntry } from '../wire/map-key.js';
import type { MessageObject } from '../wire/message-code.js';
import { fullName } from '../wire/message-shape.js';
import { checkDepth, type Writing } from './conversion.js';
import { writeEnum } from './enum-json.js';
import type { ToJsonOptions } from './json-options.js';
import type { JsonPath } from './json-path.js';
import { type JsonField, jsonShape } from './json-shape.js';
import type { JsonValue } from './json-value.js';
import { writeScalar } from './scalar-json.js';
import { typeLookup } from './type-lookup.js';
import { mappingOf } from './well-known/mapping-of.js';

/** Turns one message, which must fit its type, into JSON. */
export class MessageWriter implements Writing {
  readonly path: JsonPath;
  readonly typeNamed: (name: string) => protobuf.Type;
  readonly #options: ToJsonOptions;

  constructor(type: protobuf.Type, path: JsonPath, options: ToJsonOptions) {
    this.path = path;
    this.typeNamed = typeLookup(type, options.schemas ?? []);
    this.#options = options;
  }

  isMapped(type: protobuf.Type): boolean {
    return mappingOf(fullName(type)) !== undefined;
  }

  message(type: protobuf.Type, message: MessageObject, depth: number): JsonValue {
    checkDepth(depth);
    const { name, fields } = jsonShape(type);
    const mapping = mappingOf(name);
    if (mapping !== undefined) return mapping.write(message, this, depth);
    const json = {};
    for (const field of fields) {
      const value = this.#valueOf(field, message);
      if (value === undefined) continue;
      const key = this.#options.useProtoNames ? field.protoName : field.jsonName;
      this.path.enter(field.property);
      setEntry(json, key, this.#field(field, value, depth));
      this.path.leave();
    }
    return json;
  }

  /** What to write of a field; undefined for nothing. */
  #valueOf(field: JsonField, message: MessageObject): unknown {
    const { property, rule, unset } = field;
    const isOwn = !field.inherited || Object.hasOwn(message, property);
    const value = isOwn ? (message[property] ?? undefined) : undefined;
    if (rule === 'explicit' || rule === 'required') return value;
    if (value !== undefined && !isDefault(field, value)) return value;
    if (!this.#options.emitDefaults || isExtension(field)) return undefined;
    return rule === 'repeated' ? [] : rule === 'map' ? {} : unset;
  }

  #field(field: JsonField, value: unknown, depth: number): JsonValue {
    if (field.rule === 'repeated') return this.#list(field, value as unknown[], depth);
    if (field.rule === 'map') return this.#map(field, value as MessageObject, depth);
    return this.#value(field, value, depth);
  }

  #list(field: JsonField, values: readonly unknown[], depth: number): JsonValue {
    return values.map((value, i) => {
      this.path.enter(i);
      const json = this.#value(field, value, depth);
      this.path.leave();
      return json;
    });
  }

  #map(field: JsonField, entries: MessageObject, depth: number): JsonValue {
    const json = {};
    for (const [key, value] of Object.entries(entries)) {
      this.path.enter([key]);
      setEntry(json, key, this.#value(field, value, depth));
      this.path.leave();
    }
    return json;
  }

  #value(field: JsonField, value: unknown, depth: number): JsonValue {
    if (field.message) return this.message(field.message, value as MessageObject, depth + 1);
    if (field.enum) {
      return writeEnum(value as number, field.enum, this.#options.enumsAsNumbers === true);
    }
    return writeScalar(value, field.scalar ?? 'string');
  }
}

function isExtension({ property }: JsonField): boolean {
  return property.startsWith('[');
}

/** Whether a field without presence holds what is not written of it. */
function isDefault({ rule, scalar }: JsonField, value: unknown): boolean {
  if (rule === 'repeated') return (value as unknown[]).length === 0;
  if (rule === 'map') return isRecord(value) && Object.keys(value).length === 0;
  if (scalar === 'bytes') return (value as Uint8Array).length === 0;
  if (scalar === 'float' || scalar === 'double') return Object.is(value, 0);
  return value === '' || value === false || value === 0 || value === 0n;
}
