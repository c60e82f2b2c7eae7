import { checkBoolean } from '../../base/check-boolean.js';
import { type Check, checkFields } from '../../base/check-fields.js';
import { describeValue } from '../../base/describe-value.js';
import { ProtoSchema } from '../proto-schema.js';

/** Options of both directions. */
interface CommonJsonOptions {
  /**
   * Where the messages inside a `google.protobuf.Any` are looked up, besides the schema that the
   * message itself is of.
   */
  readonly schemas?: readonly ProtoSchema[] | undefined;
}

/** How to write JSON. */
export interface ToJsonOptions extends CommonJsonOptions {
  /**
   * Also writes the fields that hold their default and do not tell whether they are set: zeros,
   * `''`, `false`, empty lists and maps. Unset messages, `optional` fields and oneofs stay out.
   */
  readonly emitDefaults?: boolean | undefined;
  /** Writes fields under their names in the `.proto` instead of their JSON names. */
  readonly useProtoNames?: boolean | undefined;
  /** Writes enums as their numbers instead of their names. */
  readonly enumsAsNumbers?: boolean | undefined;
}

/** How to read JSON. */
export interface FromJsonOptions extends CommonJsonOptions {
  /** Passes over fields that the message does not have, and names that an enum does not have. */
  readonly ignoreUnknownFields?: boolean | undefined;
}

/** @throws TypeError for an option that there is not, or a value that it cannot have */
export function checkToJsonOptions(options: unknown): void {
  checkFields<ToJsonOptions>('toJson()', options, {
    emitDefaults: checkBoolean,
    useProtoNames: checkBoolean,
    enumsAsNumbers: checkBoolean,
    schemas: checkSchemas,
  });
}

/** @throws TypeError for an option that there is not, or a value that it cannot have */
export function checkFromJsonOptions(options: unknown): void {
  checkFields<FromJsonOptions>('fromJson()', options, {
    ignoreUnknownFields: checkBoolean,
    schemas: checkSchemas,
  });
}

const checkSchemas: Check = (name, value) => {
  if (!Array.isArray(value)) {
    throw new TypeError(`${name} must be an array of schemas, got ${describeValue(value)}`);
  }
  for (const [i, schema] of value.entries()) {
    if (schema instanceof ProtoSchema) continue;
    const expected = 'a schema, as loadProto gives it';
    throw new TypeError(`${name}[${i}] must be ${expected}, got ${describeValue(schema)}`);
  }
};
