import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  MessageOptionsSchema,
  OneofDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

const SCALARS: { readonly [type: string]: FieldDescriptorProto_Type } = {
  string: FieldDescriptorProto_Type.STRING,
  int32: FieldDescriptorProto_Type.INT32,
  int64: FieldDescriptorProto_Type.INT64,
};

/**
 * `google.rpc` for @bufbuild/protobuf, from descriptors written by hand: another implementation, and
 * another spelling of the schema, to check ours against. Fields are numbered in their order.
 */
const file = create(FileDescriptorProtoSchema, {
  name: 'google/rpc/error_details.proto',
  package: 'google.rpc',
  syntax: 'proto3',
  dependency: ['google/protobuf/any.proto', 'google/protobuf/duration.proto'],
  messageType: [
    message('Status', ['int32 code', 'string message', '*.google.protobuf.Any details']),
    message('ErrorInfo', ['string reason', 'string domain', 'map metadata']),
    message('RetryInfo', ['.google.protobuf.Duration retry_delay']),
    message('DebugInfo', ['*string stack_entries', 'string detail']),
    message('QuotaFailure', ['*.google.rpc.QuotaFailure.Violation violations'], {
      Violation: [
        'string subject',
        'string description',
        'string api_service',
        'string quota_metric',
        'string quota_id',
        'map quota_dimensions',
        'int64 quota_value',
        '?int64 future_quota_value',
      ],
    }),
    message('PreconditionFailure', ['*.google.rpc.PreconditionFailure.Violation violations'], {
      Violation: ['string type', 'string subject', 'string description'],
    }),
    message('BadRequest', ['*.google.rpc.BadRequest.FieldViolation field_violations'], {
      FieldViolation: [
        'string field',
        'string description',
        'string reason',
        '.google.rpc.LocalizedMessage localized_message',
      ],
    }),
    message('RequestInfo', ['string request_id', 'string serving_data']),
    message('ResourceInfo', [
      'string resource_type',
      'string resource_name',
      'string owner',
      'string description',
    ]),
    message('Help', ['*.google.rpc.Help.Link links'], {
      Link: ['string description', 'string url'],
    }),
    message('LocalizedMessage', ['string locale', 'string message']),
  ],
});

const registry = createFileRegistry(file, (name) =>
  name === 'google/protobuf/any.proto' ? file_google_protobuf_any : file_google_protobuf_duration,
);

/** A message type of `google.rpc`, by its short name. */
export function descriptorOf(name: string): DescMessage {
  const found = registry.getMessage(`google.rpc.${name}`);
  if (found === undefined) throw new Error(`no google.rpc.${name} among the descriptors`);
  return found;
}

/** What @bufbuild/protobuf makes of a message. */
export function encodeIndependently(name: string, fields: object): Uint8Array {
  const descriptor = descriptorOf(name);
  return toBinary(descriptor, create(descriptor, fields as never));
}

/** What @bufbuild/protobuf reads from the bytes of a message. */
export function decodeIndependently(
  name: string,
  bytes: Uint8Array,
): Message & { [field: string]: unknown } {
  const decoded: MessageShape<DescMessage> = fromBinary(descriptorOf(name), bytes);
  return decoded as Message & { [field: string]: unknown };
}

function message(
  name: string,
  fields: readonly string[],
  nested: { [name: string]: readonly string[] } = {},
): DescriptorProto {
  const made = create(DescriptorProtoSchema, { name, field: fields.map(field) });
  for (const [inner, innerFields] of Object.entries(nested)) {
    made.nestedType.push(message(inner, innerFields));
  }
  made.field.forEach((each, i) => {
    if (fields[i]?.startsWith('map ')) addMapEntry(made, each);
    if (fields[i]?.startsWith('?')) {
      made.oneofDecl.push(create(OneofDescriptorProtoSchema, { name: `_${each.name}` }));
      each.oneofIndex = 0;
      each.proto3Optional = true;
    }
  });
  return made;
}

/** `*` is repeated, `?` optional; a type with a dot is a message, `map` one of strings by strings. */
function field(spelling: string, index: number): FieldDescriptorProto {
  const [type = '', name = ''] = spelling.replace(/^[*?]/, '').split(' ');
  const several = spelling.startsWith('*') || type === 'map';
  return create(FieldDescriptorProtoSchema, {
    name,
    jsonName: name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
    number: index + 1,
    label: several ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    type: SCALARS[type] ?? FieldDescriptorProto_Type.MESSAGE,
    typeName: type.startsWith('.') ? type : '',
  });
}

/** A map of strings by strings is a repeated message on the wire. */
function addMapEntry(parent: DescriptorProto, map: FieldDescriptorProto): void {
  const camel = map.jsonName.charAt(0).toUpperCase() + map.jsonName.slice(1);
  const entry = message(`${camel}Entry`, ['string key', 'string value']);
  entry.options = create(MessageOptionsSchema, { mapEntry: true });
  parent.nestedType.push(entry);
  const outer = parent.name === 'Violation' ? 'QuotaFailure.Violation' : parent.name;
  map.typeName = `.google.rpc.${outer}.${entry.name}`;
}
