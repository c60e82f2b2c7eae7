import type protobuf from 'protobufjs';
import { bindSource } from './bind-source.js';
import { MAX_DEPTH } from './limits.js';
import { setEntry } from './map-key.js';
import type { DecodeFunction, MessageCode, MessageObject } from './message-code.js';
import type { FieldShape, MessageShape } from './message-shape.js';
import { isBulk, isPackable, type Scalar, WIRE_TYPE } from './scalar.js';

/**
 * Compiles a message's decoder to JavaScript, as protobufjs does; not with protobufjs's generator,
 * because messages here are plain objects whose defaults are their own properties (that one removes
 * a property when its zero arrives explicitly), and oneofs are flat.
 */
export function compileDecoder(
  shape: MessageShape,
  codeOf: (type: protobuf.Type) => MessageCode,
): DecodeFunction {
  const codes: MessageCode[] = [];
  const defaults: unknown[] = [];
  const oneofs = [...new Set(shape.fields.flatMap(({ oneof }) => oneof ?? []))];
  const cases: string[] = [];
  const properties: string[] = [];
  for (const field of shape.fields) {
    const code = field.message ? `c${codes.push(codeOf(field.message)) - 1}` : '';
    cases.push(...readField(field, code, oneofs));
    properties.push(...initialProperty(field, defaults));
  }
  const lines = [
    `if(q>${MAX_DEPTH})throw new RangeError("messages nest deeper than ${MAX_DEPTH} levels");`,
    'if(end>r.len)outOfRange();var z=r.len,t,k,v,done=g===0;r.len=end;',
    ...oneofs.map(
      (name, i) => `var o${i}=m&&setMember(m,${JSON.stringify(membersOf(shape, name))});`,
    ),
    `m=m||{${properties.join()}};`,
    'while(r.pos<end){switch(t=r.tag()){',
    ...cases,
    '}if(t===g&&g!==0){done=true;break}r.skipType(t&7,q,t>>>3);}',
    'if(!done)throw new Error("a group has no end");r.len=z;',
    ...shape.fields.filter(({ rule }) => rule === 'required').map(requirePresence),
    'return m;',
  ];
  const scope = { defaults, setEntry, setMember, drop, outOfRange, missing, name: shape.name };
  return bindSource(
    `decode ${shape.name}`,
    ['r', 'end', 'q', 'm', 'g'],
    lines,
    scope,
    codes,
  ) as DecodeFunction;
}

/** The property in the literal that a message starts as; absent when unset reads as undefined. */
function initialProperty(field: FieldShape, defaults: unknown[]): string[] {
  const name = JSON.stringify(field.property);
  if (field.rule === 'map') return [`${name}:{}`];
  if (field.rule === 'repeated') return [`${name}:[]`];
  const { unset } = field;
  // An unset `toString` must not read as the one every object inherits.
  if (unset === undefined) return field.property in Object.prototype ? [`${name}:undefined`] : [];
  const source = literal(unset);
  if (source !== undefined) return [`${name}:${source}`];
  // Bytes: an empty array can be shared, nobody can write to it.
  const value = `defaults[${defaults.push(unset) - 1}]`;
  return [`${name}:${value}${(unset as Uint8Array).length > 0 ? '.slice()' : ''}`];
}

/** The value as JavaScript source, when it is a primitive. */
function literal(value: unknown): string | undefined {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  return typeof value === 'number' ? (Object.is(value, -0) ? '-0' : String(value)) : undefined;
}

function readField(field: FieldShape, code: string, oneofs: string[]): string[] {
  const target = `m[${JSON.stringify(field.property)}]`;
  if (field.rule === 'map') return readMap(field, code, target);
  const wireType = wireTypeOf(field);
  if (field.rule === 'repeated') {
    const push = `case ${tagOf(field, wireType)}:${target}.push(${readValue(field, code, 'undefined')});continue;`;
    return field.scalar && isPackable(field.scalar) ? [push, readPacked(field, target)] : [push];
  }
  const claim = field.oneof === undefined ? '' : claimOneof(field, oneofs.indexOf(field.oneof));
  return [
    `case ${tagOf(field, wireType)}:${claim}${target}=${readValue(field, code, target)};continue;`,
  ];
}

/** The last member that arrives is the one that counts; it takes the place of the one before. */
function claimOneof(field: FieldShape, index: number): string {
  const name = JSON.stringify(field.property);
  return `if(o${index}!==${name}){if(o${index}!==undefined)drop(m,o${index});o${index}=${name}}`;
}

/** Packed or not, whichever was declared: both must be understood. */
function readPacked(field: FieldShape, target: string): string {
  if (isBulk(field.scalar as Scalar)) {
    return `case ${tagOf(field, 2)}:r.${field.scalar}s(${target});continue;`;
  }
  return (
    `case ${tagOf(field, 2)}:k=r.size()+r.pos;if(k>end)outOfRange();r.len=k;v=${target};` +
    `while(r.pos<k)v.push(r.${field.scalar}());r.len=end;continue;`
  );
}

function readMap(field: FieldShape, code: string, target: string): string[] {
  const entry: FieldShape = { ...field, id: 2 };
  const none = literal(field.zero) ?? (field.scalar ? 'new Uint8Array(0)' : 'undefined');
  return [
    `case ${tagOf(field, 2)}:{let e=r.size()+r.pos;if(e>end)outOfRange();r.len=e;`,
    `k=${field.key === 'string' ? '""' : field.key === 'bool' ? 'false' : '0'};v=${none};`,
    `while(r.pos<e){t=r.tag();if(t===${8 | WIRE_TYPE[field.key]})k=r.${field.key}();`,
    `else if(t===${tagOf(entry, wireTypeOf(entry))})v=${readValue(entry, code, 'v')};`,
    'else r.skipType(t&7,q,t>>>3)}',
    field.message ? `if(v===undefined)v=${code}.decode(r,r.pos,q+1,undefined,0);` : '',
    `r.len=end;setEntry(${target},k,v);continue;}`,
  ];
}

function readValue(field: FieldShape, code: string, into: string): string {
  if (field.scalar) return `r.${field.scalar}()`;
  if (field.group) return `${code}.decode(r,end,q+1,${into},${tagOf(field, 4)})`;
  return `${code}.decode(r,r.size()+r.pos,q+1,${into},0)`;
}

function requirePresence(field: FieldShape): string {
  const name = JSON.stringify(field.property);
  return `if(m[${name}]===undefined)missing(name,${name});`;
}

function wireTypeOf(field: FieldShape): number {
  return field.scalar ? WIRE_TYPE[field.scalar as Scalar] : field.group ? 3 : 2;
}

function tagOf(field: FieldShape, wireType: number): number {
  return ((field.id << 3) | wireType) >>> 0;
}

function membersOf({ fields }: MessageShape, oneof: string): string[] {
  return fields.filter((field) => field.oneof === oneof).map(({ property }) => property);
}

function setMember(message: MessageObject, members: string[]): string | undefined {
  return members.find((member) => message[member] !== undefined);
}

function drop(message: MessageObject, property: string): void {
  if (property in Object.prototype) message[property] = undefined;
  else delete message[property];
}

function outOfRange(): never {
  throw new RangeError('it is cut short');
}

function missing(message: string, property: string): never {
  throw new Error(`the required field ${message}.${property} is missing`);
}
