import { create, createFileRegistry, type DescService } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

const NOTE = '.interop.Note';

/** `interop.proto` as descriptors written by hand: connect-es takes them without generated code. */
const file = create(FileDescriptorProtoSchema, {
  name: 'interop.proto',
  package: 'interop',
  syntax: 'proto3',
  messageType: [
    message('Note', [
      ['text', Type.STRING],
      ['number', Type.INT32],
      ['big', Type.INT64],
      ['blob', Type.BYTES],
      ['words', Type.STRING, Label.REPEATED],
    ]),
  ],
  service: [
    {
      name: 'Interop',
      method: [
        { name: 'Unary', inputType: NOTE, outputType: NOTE },
        { name: 'ServerStream', inputType: NOTE, outputType: NOTE, serverStreaming: true },
        { name: 'ClientStream', inputType: NOTE, outputType: NOTE, clientStreaming: true },
        {
          name: 'BidiStream',
          inputType: NOTE,
          outputType: NOTE,
          clientStreaming: true,
          serverStreaming: true,
        },
        { name: 'Absent', inputType: NOTE, outputType: NOTE },
      ],
    },
  ],
});

export const Interop = createFileRegistry(file, () => undefined).getService(
  'interop.Interop',
) as DescService;

function message(name: string, fields: [string, Type, Label?][]): DescriptorProto {
  return create(DescriptorProtoSchema, {
    name,
    field: fields.map(([field, type, label = Label.OPTIONAL], i) => ({
      name: field,
      jsonName: field,
      number: i + 1,
      type,
      label,
    })),
  });
}
