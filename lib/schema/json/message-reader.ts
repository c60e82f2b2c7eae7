import type protobuf from 'protobufjs';
import { describeMisfit, shorten } from '../wire/describe-misfit.js';
import { isRecord } from '../wire/is-record.js';
import { keyMisfit } from '../wire/key-misfit.js';
import { setEntry } from '../wire/map-key.js';
import type { MessageObject } from '../wire/message-code.js';
import { fullName } from '../wire/message-shape.js';
import { wrongType } from '../wire/scalar-fit.js';
import { checkDepth, type Reading } from './conversion.js';
import { readEnum } from './enum-json.js';
import type { FromJsonOptions } from './json-options.js';
import type { JsonPath } from './json-path.js';
import { type JsonField, type JsonShape, jsonShape } from './json-shape.js';
import { newMessage } from './new-message.js';
import { readScalar } from './scalar-json.js';
import { typeLookup } from './type-lookup.js';
import { mappingOf } from './well-known/mapping-of.js';

/** Turns JSON into one message. */
export class MessageReader implements Reading {
  readonly path: JsonPath;
  readonly typeNamed: (name: string) => protobuf.Type;
  readonly ignoreUnknownFields: boolean;

  constructor(type: protobuf.Type, path: JsonPath, options: FromJsonOptions) {
    this.path = path;
    this.typeNamed = typeLookup(type, options.schemas ?? []);
    this.ignoreUnknownFields = options.ignoreUnknownFields === true;
  }

  isMapped(type: protobuf.Type): boolean {
    return mappingOf(fullName(type)) !== undefined;
  }

  message(type: protobuf.Type, json: unknown, depth: number): MessageObject {
    checkDepth(depth);
    const shape = jsonShape(type);
    const mapping = mappingOf(shape.name);
    if (mapping !== undefined) return mapping.read(json, this, depth);
    if (!isRecord(json)) throw wrongType(`a ${shape.name} message (a JSON object)`, json);
    const message = newMessage(shape.fields);
    const seen = new Map<JsonField, string>();
    const oneofs = new Map<string, string>();
    for (const [key, value] of Object.entries(json)) {
      const field = value === undefined ? undefined : this.#fieldOf(shape, key);
      if (field === undefined) continue;
      this.path.enter(key);
      claim(seen, field, key, 'which is another name of it');
      const read = this.#field(field, value, depth);
      if (read !== undefined) {
        if (field.oneof !== undefined)
          claim(oneofs, field.oneof, key, `but only one member of the oneof ${field.oneof} may be`);
        message[field.property] = read;
      }
      this.path.leave();
    }
    requireAll(shape, message);
    return message;
  }

  #fieldOf({ byName, fields }: JsonShape, key: string): JsonField | undefined {
    const field = byName.get(key);
    if (field !== undefined || this.ignoreUnknownFields) return field;
    const there = fields.slice(0, 20).map(({ jsonName }) => jsonName);
    const list = there.length === fields.length ? there : [...there, '…'];
    throw new TypeError(`no field '${shorten(key)}'; there is ${list.join(', ') || 'none'}`);
  }

  /** Undefined when it is unset, or set to what shall be ignored. */
  #field(field: JsonField, json: unknown, depth: number): unknown {
    if (json === null && !field.takesNull) return undefined;
    if (field.rule === 'repeated') return this.#list(field, json, depth);
    if (field.rule === 'map') return this.#map(field, json, depth);
    return this.#value(field, json, depth);
  }

  #list(field: JsonField, json: unknown, depth: number): unknown[] {
    if (!Array.isArray(json)) throw wrongType('an array', json);
    const list: unknown[] = [];
    for (const [i, each] of json.entries()) {
      this.path.enter(i);
      const value = this.#value(field, each, depth);
      if (value !== undefined) list.push(value);
      this.path.leave();
    }
    return list;
  }

  #map(field: JsonField, json: unknown, depth: number): MessageObject {
    if (!isRecord(json)) throw wrongType('a map (a JSON object)', json);
    const map: MessageObject = {};
    for (const [key, each] of Object.entries(json)) {
      this.path.enter([key]);
      const misfit = keyMisfit(key, field.key);
      if (misfit !== undefined) throw misfit;
      const value = this.#value(field, each, depth);
      if (value !== undefined) setEntry(map, key, value);
      this.path.leave();
    }
    return map;
  }

  #value(field: JsonField, json: unknown, depth: number): unknown {
    if (field.message) return this.message(field.message, json, depth + 1);
    if (!field.enum) return readScalar(json, field.scalar ?? 'string');
    const number = readEnum(json, field.enum);
    if (number !== undefined || this.ignoreUnknownFields) return number;
    throw new TypeError(
      `expected a name in the enum ${field.enum.name}, got ${describeMisfit(json)}`,
    );
  }
}

/** @throws TypeError when another key has said it already */
function claim<T>(taken: Map<T, string>, what: T, key: string, inWords: string): void {
  const other = taken.get(what);
  if (other !== undefined) throw new TypeError(`'${other}' is set too, ${inWords}`);
  taken.set(what, key);
}

function requireAll({ fields }: JsonShape, message: MessageObject): void {
  for (const { rule, property, jsonName } of fields) {
    if (rule === 'required' && message[property] === undefined) {
      throw new TypeError(`the required field ${jsonName} is missing`);
    }
  }
}
