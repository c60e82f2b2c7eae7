import type protobuf from 'protobufjs';
import { bindSource } from './bind-source.js';
import { isRecord } from './is-record.js';
import { MAX_DEPTH } from './limits.js';
import { parseMapKey } from './map-key.js';
import type { EncodeFunction, MessageCode } from './message-code.js';
import type { FieldShape, MessageShape } from './message-shape.js';
import { MISFIT } from './misfit.js';
import { isBulk, isLong, type Scalar, WIRE_TYPE } from './scalar.js';

/**
 * Compiles a message's encoder to JavaScript, as protobufjs does; not with protobufjs's generator,
 * because what that one writes passes over what does not fit instead of refusing it (a string where
 * a list or a message belongs, two members of one oneof), and writes implicit zeros of 64 bits.
 */
export function compileEncoder(
  shape: MessageShape,
  codeOf: (type: protobuf.Type) => MessageCode,
): EncodeFunction {
  const codes: MessageCode[] = [];
  const oneofs = [...new Set(shape.fields.flatMap(({ oneof }) => oneof ?? []))];
  const lines = [
    `if(q>${MAX_DEPTH}||!isRecord(m))throw MISFIT;`,
    'var v,e,i,ks;',
    ...oneofs.map((_, i) => `var o${i}=false;`),
  ];
  for (const field of shape.fields) {
    const code = field.message ? `c${codes.push(codeOf(field.message)) - 1}` : '';
    lines.push(`v=${readProperty(field.property)};`, ...writeField(field, code, oneofs));
  }
  const scope = { MISFIT, isRecord, parseMapKey, hasOwn: Object.hasOwn };
  return bindSource(`encode ${shape.name}`, ['m', 'w', 'q'], lines, scope, codes) as EncodeFunction;
}

/** Names that every object inherits count only when they are its own. */
function readProperty(property: string): string {
  const name = JSON.stringify(property);
  return property in Object.prototype ? `hasOwn(m,${name})?m[${name}]:undefined` : `m[${name}]`;
}

function writeField(field: FieldShape, code: string, oneofs: string[]): string[] {
  switch (field.rule) {
    case 'map':
      return writeMap(field, code);
    case 'repeated':
      return writeRepeated(field, code);
    case 'required':
      return ['if(v==null)throw MISFIT;', writeValue(field, code, 'v')];
    case 'implicit':
      return [
        `if(v!=null&&${differsFromZero(field.scalar as Scalar)}){${writeValue(field, code, 'v')}}`,
      ];
    case 'explicit': {
      const flag = field.oneof === undefined ? '' : `o${oneofs.indexOf(field.oneof)}`;
      const claim = flag && `if(${flag})throw MISFIT;${flag}=true;`;
      return [`if(v!=null){${claim}${writeValue(field, code, 'v')}}`];
    }
  }
}

function writeRepeated(field: FieldShape, code: string): string[] {
  const open = 'if(v!=null){if(!Array.isArray(v))throw MISFIT;';
  if (!field.packed)
    return [`${open}for(i=0;i<v.length;++i){e=v[i];${writeValue(field, code, 'e')}}}`];
  if (isBulk(field.scalar as Scalar)) {
    return [`${open}if(v.length)w.tag(${tagOf(field, 2)}).${field.scalar}s(v);}`];
  }
  const each = `for(i=0;i<v.length;++i)w.${field.scalar}(v[i]);`;
  return [`${open}if(v.length){w.tag(${tagOf(field, 2)}).fork();${each}w.ldelim();}}`];
}

function writeMap(field: FieldShape, code: string): string[] {
  const key = field.key === 'string' ? 'ks[i]' : `parseMapKey(ks[i],${JSON.stringify(field.key)})`;
  const entry: FieldShape = { ...field, id: 2 };
  return [
    'if(v!=null){if(!isRecord(v))throw MISFIT;',
    'for(ks=Object.keys(v),i=0;i<ks.length;++i){e=v[ks[i]];',
    `w.tag(${tagOf(field, 2)}).fork().tag(${8 | WIRE_TYPE[field.key]}).${field.key}(${key});`,
    `${writeValue(entry, code, 'e')}w.ldelim();}}`,
  ];
}

function writeValue(field: FieldShape, code: string, value: string): string {
  const { scalar } = field;
  if (scalar) return `w.tag(${tagOf(field, WIRE_TYPE[scalar])}).${scalar}(${value});`;
  const body = `${code}.encode(${value},w,q+1);`;
  if (field.group) return `w.tag(${tagOf(field, 3)});${body}w.tag(${tagOf(field, 4)});`;
  return `w.tag(${tagOf(field, 2)}).fork();${body}w.ldelim();`;
}

/** The condition under which a field without presence is written. */
function differsFromZero(scalar: Scalar): string {
  if (scalar === 'string') return 'v!==""';
  if (scalar === 'bool') return 'v!==false';
  if (scalar === 'bytes') return 'v.byteLength!==0';
  if (scalar === 'float' || scalar === 'double') return '!Object.is(v,0)';
  return isLong(scalar) ? 'v!==0n&&v!==0' : 'v!==0';
}

function tagOf(field: FieldShape, wireType: number): number {
  return ((field.id << 3) | wireType) >>> 0;
}
