import fc from 'fast-check';
import type protobuf from 'protobufjs';
import { type JsonField, jsonShape } from '../../../lib/schema/json/json-shape.js';
import { mappingOf } from '../../../lib/schema/json/well-known/mapping-of.js';

type Json = { [key: string]: unknown };

/** Picks one of several: the choices of a run, one after the other. */
export type Pick = <T>(choices: readonly T[]) => T;

export const arbitraryPick: fc.Arbitrary<Pick> = fc
  .array(fc.nat(1000), { minLength: 50, maxLength: 50 })
  .map((numbers) => {
    let next = 0;
    return (choices) =>
      choices[(numbers[next++ % numbers.length] as number) % choices.length] as never;
  });

/** The JSON of a message in other words that mean the same, by what the specification lets writers do. */
export function respell(type: protobuf.Type, json: Json, pick: Pick): Json {
  const { name, fields } = jsonShape(type);
  if (mappingOf(name) !== undefined) return json;
  const entries = fields.flatMap((field): [string, unknown][] => {
    const key = pick([field.jsonName, field.protoName]);
    const value = json[field.jsonName];
    if (Object.hasOwn(json, field.jsonName)) return [[key, respellField(field, value, pick)]];
    // Unset, which null says, too; a member of a oneof may follow another that is set.
    return field.takesNull || pick([true, true, false]) ? [] : [[key, null]];
  });
  return Object.fromEntries(pick([true, false]) ? entries : entries.reverse());
}

function respellField(field: JsonField, json: unknown, pick: Pick): unknown {
  if (field.rule === 'repeated')
    return (json as unknown[]).map((each) => respellValue(field, each, pick));
  if (field.rule !== 'map') return respellValue(field, json, pick);
  const entries = Object.entries(json as Json);
  return Object.fromEntries(entries.map(([key, each]) => [key, respellValue(field, each, pick)]));
}

function respellValue(field: JsonField, json: unknown, pick: Pick): unknown {
  if (field.message) return respell(field.message, json as Json, pick);
  if (field.enum) {
    const number = typeof json === 'string' ? field.enum.numbers.get(json) : undefined;
    return number === undefined ? json : pick([json, number]);
  }
  switch (field.scalar) {
    case 'bool':
    case 'string':
      return json;
    case 'bytes': {
      const text = json as string;
      const forUrls = text.replaceAll('+', '-').replaceAll('/', '_');
      return pick([text, forUrls, text.replace(/=+$/, ''), forUrls.replace(/=+$/, '')]);
    }
    case 'float':
    case 'double':
      return pick([json, Object.is(json, -0) ? '-0' : String(json)]);
    default: {
      const digits = String(json);
      const number = Number(digits);
      const exact = Number.isSafeInteger(number) ? number : digits;
      return pick([digits, exact, `${digits}.0`, `${digits}e0`, `${BigInt(digits) * 10n}e-1`]);
    }
  }
}
