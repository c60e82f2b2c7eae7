import { create, createFileRegistry, type DescService } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';

const NOTE = '.bench.Note';

/** `bench.proto` as descriptors written by hand: connect-es takes them without generated code. */
const file = create(FileDescriptorProtoSchema, {
  name: 'bench.proto',
  package: 'bench',
  syntax: 'proto3',
  messageType: [
    message('Note', {
      id: Type.STRING,
      text: Type.STRING,
      sequence: Type.INT32,
      flags: Type.UINT32,
    }),
    message('Order', { count: Type.UINT32, size: Type.STRING }),
    message('Tally', { count: Type.UINT32, characters: Type.DOUBLE, sequences: Type.UINT32 }),
  ],
  service: [
    {
      name: 'Bench',
      method: [
        { name: 'Answer', inputType: NOTE, outputType: NOTE },
        { name: 'Produce', inputType: '.bench.Order', outputType: NOTE, serverStreaming: true },
        { name: 'Collect', inputType: NOTE, outputType: '.bench.Tally', clientStreaming: true },
        {
          name: 'Echo',
          inputType: NOTE,
          outputType: NOTE,
          clientStreaming: true,
          serverStreaming: true,
        },
      ],
    },
  ],
});

export const Bench = createFileRegistry(file, () => undefined).getService(
  'bench.Bench',
) as DescService;

function message(name: string, fields: { readonly [field: string]: Type }): DescriptorProto {
  return create(DescriptorProtoSchema, {
    name,
    field: Object.entries(fields).map(([field, type], i) => ({
      name: field,
      jsonName: field,
      number: i + 1,
      type,
      label: Label.OPTIONAL,
    })),
  });
}
