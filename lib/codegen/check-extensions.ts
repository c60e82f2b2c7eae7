import type protobuf from 'protobufjs';
import { fullName } from '../schema/wire/message-shape.js';
import { integerNumber } from './integer.js';
import type { Report } from './report.js';
import type { Block } from './scanned-proto.js';

/** Extensions whose numbers the message that they extend does not have for them. */
export function checkExtensions({ fields }: Block, type: protobuf.Type, report: Report): void {
  const name = fullName(type);
  // protobufjs has the reserved ranges of a message beside those for extensions.
  const ranges = type.extensions ?? [];
  for (const field of fields) {
    const number = integerNumber(field.number);
    if (ranges.some(([from = 0, to = 0]) => from <= number && number <= to)) continue;
    const list = ranges.map(([from, to]) => `${from} to ${to}`).join(', ');
    const advice = list === '' ? 'it has none for extensions' : `those for extensions are ${list}`;
    report(field.line, `extend ${name}.${field.name}: the number is ${number}, but ${advice}`);
  }
}
