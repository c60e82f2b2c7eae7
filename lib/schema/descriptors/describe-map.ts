import type protobuf from 'protobufjs';
import { declaredName, describeField, describeType, LABEL, MESSAGE } from './describe-field.js';
import type { OptionsWriter } from './describe-options.js';
import type { FieldDescriptor, MessageDescriptor } from './descriptor-types.js';
import { typeName } from './type-name.js';

/** A map is a repeated message of keys and values; only its name, which is fixed, and an option tell. */
export function describeMap(
  field: protobuf.MapField,
  options: OptionsWriter,
): { readonly field: FieldDescriptor; readonly entry: MessageDescriptor } {
  const described = describeField(field, options);
  const name = entryName(declaredName(field));
  const parent = field.parent as protobuf.ReflectionObject;
  return {
    field: {
      ...described,
      label: LABEL.repeated,
      type: MESSAGE,
      typeName: `${typeName(parent)}.${name}`,
    },
    entry: {
      name,
      field: [
        part('key', 1, describeType({ type: field.keyType, resolvedType: null })),
        part('value', 2, describeType(field)),
      ],
      extension: [],
      nestedType: [],
      enumType: [],
      extensionRange: [],
      oneofDecl: [],
      options: { mapEntry: true },
      reservedRange: [],
      reservedName: [],
    },
  };
}

function part(
  name: string,
  number: number,
  type: Pick<FieldDescriptor, 'type' | 'typeName'>,
): FieldDescriptor {
  return {
    name,
    number,
    label: LABEL.optional,
    ...type,
    extendee: undefined,
    defaultValue: undefined,
    oneofIndex: undefined,
    jsonName: name,
    options: undefined,
    proto3Optional: undefined,
  };
}

/** `price_by_id` makes `PriceByIdEntry`. */
export function entryName(name: string): string {
  const words = name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Entry`;
}
