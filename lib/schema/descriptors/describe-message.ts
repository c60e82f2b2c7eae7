import protobuf from 'protobufjs';
import { describeEnum, describeRanges, describeReserved, visibilityOf } from './describe-enum.js';
import { describeField } from './describe-field.js';
import { describeMap } from './describe-map.js';
import type { OptionsWriter } from './describe-options.js';
import type { FieldDescriptor, MessageDescriptor } from './descriptor-types.js';

export function describeMessage(type: protobuf.Type, options: OptionsWriter): MessageDescriptor {
  const oneofs = oneofsOf(type);
  const field: FieldDescriptor[] = [];
  const entries: MessageDescriptor[] = [];
  for (const each of type.fieldsArray) {
    // Extensions are declared elsewhere.
    if (each.declaringField) continue;
    if (each instanceof protobuf.MapField) {
      const map = describeMap(each, options);
      field.push(map.field);
      entries.push(map.entry);
    } else {
      const oneofIndex = each.partOf ? oneofs.indexOf(each.partOf) : undefined;
      field.push({ ...describeField(each, options), oneofIndex });
    }
  }
  const nested = type.nestedArray;
  return {
    name: type.name,
    field,
    extension: nested.filter(isExtension).map((each) => describeField(each, options)),
    nestedType: [
      ...nested
        .filter((each) => each instanceof protobuf.Type)
        .map((each) => describeMessage(each, options)),
      ...entries,
    ],
    enumType: nested
      .filter((each) => each instanceof protobuf.Enum)
      .map((each) => describeEnum(each, options)),
    extensionRange: describeRanges(type.extensions ?? [], 1),
    oneofDecl: oneofs.map((each) => ({
      name: each.name,
      options: options.of('OneofOptions', each, type),
    })),
    options: options.of('MessageOptions', type, type.parent),
    ...describeReserved(type.reserved, 1),
    visibility: visibilityOf(type.visibility),
  };
}

export function isExtension(object: protobuf.ReflectionObject): object is protobuf.Field {
  return object instanceof protobuf.Field && object.extend !== undefined;
}

/**
 * Those that `optional` makes in proto3 go last: linkers insist. protobufjs makes one of an optional
 * extension, too, which is no member of the message around it.
 */
function oneofsOf(type: protobuf.Type): protobuf.OneOf[] {
  const declared = type.oneofsArray.filter((each) => !each.isProto3Optional);
  const made = type.oneofsArray.filter((each) => each.isProto3Optional);
  return [...declared, ...made.filter(({ fieldsArray }) => !fieldsArray.some(isExtension))];
}
