import { isRecord } from './is-record.js';
import { keyMisfit } from './key-misfit.js';
import { MAX_DEPTH } from './limits.js';
import { type FieldShape, type MessageShape, messageShape } from './message-shape.js';
import { article, scalarMisfit, wrongType } from './scalar-fit.js';

/**
 * Walks a message that the encoder refused and finds what did not fit: a `TypeError` or
 * `RangeError` whose text begins with the path of the field, such as `pkg.M.items[3].count: `.
 * Undefined if all is well after all, as with a getter that changes its mind.
 */
export function findMisfit(shape: MessageShape, value: unknown): Error | undefined {
  return messageMisfit(shape, value, shape.name, 0);
}

function messageMisfit(
  shape: MessageShape,
  value: unknown,
  path: string,
  depth: number,
): Error | undefined {
  if (depth > MAX_DEPTH) {
    return new RangeError(
      `${shorten(path)}: messages nest deeper than ${MAX_DEPTH} levels (is there a cycle?)`,
    );
  }
  if (!isRecord(value)) return at(path, wrongType(`a ${shape.name} message (an object)`, value));
  const set = new Map<string, string>();
  for (const field of shape.fields) {
    const error = fieldMisfit(
      field,
      own(value, field.property),
      `${path}.${field.property}`,
      depth,
      set,
    );
    if (error) return error;
  }
  return undefined;
}

function own(value: { [key: string]: unknown }, property: string): unknown {
  return property in Object.prototype && !Object.hasOwn(value, property)
    ? undefined
    : value[property];
}

function fieldMisfit(
  field: FieldShape,
  value: unknown,
  path: string,
  depth: number,
  set: Map<string, string>,
): Error | undefined {
  if (value === undefined || value === null) {
    return field.rule === 'required'
      ? new TypeError(`${path}: a required field, but it is ${value}`)
      : undefined;
  }
  if (field.rule === 'repeated') return listMisfit(field, value, path, depth);
  if (field.rule === 'map') return mapMisfit(field, value, path, depth);
  if (field.oneof !== undefined) {
    const other = set.get(field.oneof);
    if (other !== undefined) {
      return new TypeError(
        `${path}: ${other} is set too, but only one member of the oneof ${field.oneof} may be`,
      );
    }
    set.set(field.oneof, field.property);
  }
  return valueMisfit(field, value, path, depth);
}

function listMisfit(
  field: FieldShape,
  value: unknown,
  path: string,
  depth: number,
): Error | undefined {
  if (!Array.isArray(value)) return at(path, wrongType('an array', value));
  for (let i = 0; i < value.length; i++) {
    const error = valueMisfit(field, value[i], `${path}[${i}]`, depth);
    if (error) return error;
  }
  return undefined;
}

function mapMisfit(
  field: FieldShape,
  value: unknown,
  path: string,
  depth: number,
): Error | undefined {
  if (!isRecord(value))
    return at(path, wrongType('a map (an object, its keys the property names)', value));
  for (const key of Object.keys(value)) {
    const entry = `${path}[${JSON.stringify(key)}]`;
    const wrongKey = keyMisfit(key, field.key);
    if (wrongKey) return at(entry, wrongKey);
    const error = valueMisfit(field, value[key], entry, depth);
    if (error) return error;
  }
  return undefined;
}

function valueMisfit(
  field: FieldShape,
  value: unknown,
  path: string,
  depth: number,
): Error | undefined {
  if (field.message) return messageMisfit(messageShape(field.message), value, path, depth + 1);
  if (!field.scalar) return undefined;
  const what =
    field.enumName === undefined ? article(field.scalar) : `a number of the enum ${field.enumName}`;
  const error = scalarMisfit(value, field.scalar, what);
  return error && at(path, error);
}

/** The error with the path of what it is about in front. */
export function at(path: string, error: Error): Error {
  error.message = `${shorten(path)}: ${error.message}`;
  return error;
}

/** A hundred levels make a long path; its two ends are enough. */
function shorten(path: string): string {
  return path.length > 200 ? `${path.slice(0, 80)}…${path.slice(-80)}` : path;
}
