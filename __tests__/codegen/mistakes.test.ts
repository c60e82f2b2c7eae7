import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generate } from '../../lib/codegen/index.js';
import { folderWith } from './in-folder.js';
import { mistakesIn, proto2, proto3 } from './mistakes-in.js';

describe('one mistake', () => {
  it.each<[what: string, files: { [path: string]: string }, said: RegExp]>([
    [
      'a name that is missing',
      proto3('message M {\n int32 = 1;\n}'),
      /^a\.proto:3: expected a name, got '='$/,
    ],
    [
      'a number that is missing',
      proto3('message M {\n int32 a;\n}'),
      /^a\.proto:3: expected '=', got ';'$/,
    ],
    [
      'a semicolon that is missing',
      proto3('message M {\n int32 a = 1\n}'),
      /^a\.proto:4: expected ';', got '\}'$/,
    ],
    [
      'a word that there is not',
      proto3('\nmesage M {}'),
      /^a\.proto:3: 'mesage' cannot stand here; is it misspelt, or is a ';' or a '\}' missing\?$/,
    ],
    [
      'an end that is missing',
      proto3('message M {\n int32 a = 1;'),
      /^a\.proto:3: the file ends too early; is a '\}' or a ';' missing\?$/,
    ],
    [
      'a comment that does not end',
      proto3('message M {}\n/* and so on'),
      /^a\.proto:3: a comment does not end; is a '\*\/' missing\?$/,
    ],
    [
      'an edition that there is not',
      { 'a.proto': 'edition = "1999";' },
      /^a\.proto:1: there is no edition '1999' here; take 2023$/,
    ],
    [
      'a feature that there is not',
      { 'a.proto': 'edition = "2023";\npackage p;\noption features.presence = IMPLICIT;' },
      /^a\.proto:3: there is no feature presence; there is field_presence, enum_type, /,
    ],
    [
      'a value that a feature does not have',
      {
        'a.proto':
          'edition = "2023";\nmessage M {\n option features.(pb.cpp).string_type = VIEW;\n' +
          ' int32 a = 1 [features = { field_presence: NONE, [pb.java]: { x: Y } }];\n}',
      },
      /^a\.proto:4: a: the feature field_presence is EXPLICIT or IMPLICIT or LEGACY_REQUIRED, not NONE$/,
    ],
    [
      'features without an edition',
      proto3('message M {\n int32 a = 1 [features.field_presence = IMPLICIT];\n}'),
      /^a\.proto:3: a: features are of editions; leave them out$/,
    ],
    [
      'an import that is missing',
      proto3('\nimport "not/there.proto";'),
      /^a\.proto:3: cannot find not\/there\.proto; name the directory .* --include; looked at\n {2}/,
    ],
    [
      'a type that is missing',
      proto3('message M {\n  Missing m = 1;\n}'),
      /^a\.proto:3: p\.M\.m: there is no type Missing; is an import missing\?$/,
    ],
    [
      'a message of a method that is missing',
      proto3('service S {\n  rpc Do(M) returns (Missing);\n}\nmessage M {}'),
      /^a\.proto:3: p\.S\.Do: there is no type Missing; is an import missing\?$/,
    ],
    [
      'a number twice',
      proto3('message M {\n int32 a = 1;\n int32 b = 1;\n}'),
      /^a\.proto:4: p\.M\.b: the number 1 is that of a, on line 3; take another$/,
    ],
    [
      'a number twice, once in a oneof',
      proto3('message M {\n int32 a = 1;\n oneof o {\n int32 b = 1; }\n}'),
      /^a\.proto:5: p\.M\.b: the number 1 is that of a/,
    ],
    [
      'the number 0',
      proto3('message M {\n int32 a = 0;\n}'),
      /^a\.proto:3: p\.M\.a: the number of a field is from 1 to 536870911, got 0$/,
    ],
    [
      'a number too high',
      proto3('message M { int32 a = 536870912; }'),
      /^a\.proto:2: p\.M\.a: the number of a field is from 1 to 536870911, got 536870912$/,
    ],
    [
      "one of protobuf's own numbers",
      proto3('message M { int32 a = 19500; }'),
      /^a\.proto:2: p\.M\.a: the numbers from 19000 to 19999 are protobuf's own/,
    ],
    [
      'a number that is reserved',
      proto3('message M {\n reserved 2, 5 to 7;\n int32 a = 6;\n}'),
      /^a\.proto:4: p\.M\.a: the number 6 is reserved; take another$/,
    ],
    [
      'a number that is reserved to the end',
      proto3('message M {\n reserved 100 to max;\n int32 a = 1000;\n}'),
      /^a\.proto:4: p\.M\.a: the number 1000 is reserved/,
    ],
    [
      'a name that is reserved',
      proto3('message M {\n reserved "a", "b";\n int32 b = 6;\n}'),
      /^a\.proto:4: p\.M\.b: the name is reserved; take another$/,
    ],
    [
      'a number for extensions',
      proto2('message M {\n extensions 100 to 199;\n optional int32 a = 150;\n}'),
      /^a\.proto:4: p\.M\.a: the number 150 is for extensions; take another$/,
    ],
    [
      'a field twice',
      proto3('message M {\n int32 a = 1;\n int32 a = 2;\n}'),
      /^a\.proto:4: p\.M\.a is there on line 3, too; rename it$/,
    ],
    [
      'two fields that are one in TypeScript',
      proto3('message M {\n int32 a_b = 1;\n int32 aB = 2;\n}'),
      /^a\.proto:4: p\.M\.aB and a_b on line 3 are both aB in TypeScript; rename one of them$/,
    ],
    [
      'two methods that are one in TypeScript',
      proto3('message M {}\nservice S {\n rpc Do(M) returns (M);\n rpc do(M) returns (M);\n}'),
      /^a\.proto:5: p\.S: the methods Do and do are both do in TypeScript; rename one of them$/,
    ],
    [
      'a message twice',
      proto3('message M {}\nmessage M {}'),
      /^a\.proto:3: p\.M is the name of the message on line 2, too; rename one of them$/,
    ],
    [
      'a message in two files',
      { ...proto3('message M {}'), 'b.proto': 'syntax = "proto3";\npackage p;\n\nmessage M {}' },
      /^b\.proto:4: p\.M is declared at a\.proto:2, too; rename one, or generate them apart$/,
    ],
    [
      'a value of an enum twice',
      proto3('enum E {\n A = 0;\n A = 1;\n}'),
      /^a\.proto:4: p\.E\.A is there on line 3, too; rename it$/,
    ],
    [
      'a number of an enum twice',
      proto3('enum E {\n A = 0;\n B = 0;\n}'),
      /^a\.proto:4: p\.E\.B has the number of A, 0; give it another, or set option allow_alias/,
    ],
    [
      'an enum that does not begin with 0',
      proto3('enum E {\n A = 1;\n}'),
      /^a\.proto:3: the first value of p\.E must be 0, as it is the default$/,
    ],
    [
      'an enum without values',
      proto3('enum E {}'),
      /^a\.proto:2: p\.E has no value; an enum needs/,
    ],
    [
      'a number of an enum that is reserved',
      proto3('enum E {\n A = 0;\n reserved -5 to -1;\n B = -3;\n}'),
      /^a\.proto:5: p\.E\.B: the number -3 is reserved; take another$/,
    ],
    [
      'a default of another type',
      proto2('message M {\n optional int32 a = 1 [default = "x"];\n}'),
      /^a\.proto:3: p\.M\.a: the default must be a whole number from -2147483648 to 2147483647, got "x"$/,
    ],
    [
      'a default out of range',
      proto2('message M { optional uint64 a = 1 [default = 18446744073709551616]; }'),
      /^a\.proto:2: p\.M\.a: the default must be a whole number from 0 to 18446744073709551615, got/,
    ],
    [
      'a default that is no bool',
      proto2('message M { optional bool a = 1 [default = 1]; }'),
      /^a\.proto:2: p\.M\.a: the default must be true or false, got 1$/,
    ],
    [
      'a default that an enum does not have',
      proto2('enum E { A = 0; }\nmessage M {\n optional E e = 1 [default = B];\n}'),
      /^a\.proto:4: p\.M\.e: the default must be a value of E \(A\), got B$/,
    ],
    [
      'a default in proto3',
      proto3('message M { int32 a = 1 [default = 1]; }'),
      /^a\.proto:2: p\.M\.a: proto3 has no defaults; leave it out, or use editions$/,
    ],
    [
      'a default of a list',
      proto2('message M { repeated int32 a = 1 [default = 1]; }'),
      /^a\.proto:2: p\.M\.a: only single values have a default; leave it out$/,
    ],
    [
      'a list in a oneof',
      proto3('message M { oneof o {\n map<string, int32> a = 1; } }'),
      /^a\.proto:3: /,
    ],
    [
      'a group in a oneof',
      proto2('message M { oneof o {\n group A = 1 {} } }'),
      /^a\.proto:3: p\.M\.A: a group in a oneof is not supported/,
    ],
    ['required in proto3', proto3('message M {\n required int32 a = 1; }'), /^a\.proto:3: /],
    [
      'a map with keys of another type',
      proto3('message M {\n map<double, int32> a = 1; }'),
      /^a\.proto:3: /,
    ],
    [
      'a message set',
      proto2('message M {\n option message_set_wire_format = true;\n extensions 4 to max;\n}'),
      /^a\.proto:2: p\.M: message sets are not supported; leave the option out$/,
    ],
  ])('%s', async (_what, files, said) => {
    expect(await mistakesIn(files)).toMatch(said);
  });
});

it('all mistakes of all files are told at once, in their order', async () => {
  const said = await mistakesIn({
    'a.proto':
      'syntax = "proto3";\nenum E { A = 1; }\nmessage M {\n int32 a = 0;\n int32 b = 0;\n}',
    'b.proto': 'syntax = "proto3";\npackage b;\nmessage M { int32 a = 19000; }',
  });
  expect(said.split('\n').map((line) => line.replace(/: .*/, ''))).toEqual([
    'a.proto:2',
    'a.proto:4',
    'a.proto:5',
    'b.proto:3',
  ]);
});

it('files that are not there, and what is no file at all', async () => {
  await expect(generate('not-there.proto')).rejects.toThrow(/not-there\.proto; looked at/);
  await expect(generate('not-there/*.proto')).rejects.toThrow(
    'not-there/*.proto: there is no such file',
  );
  await expect(generate([])).rejects.toThrow('files must name at least one .proto file');
  await expect(generate([7 as never])).rejects.toThrow(/^files must be strings, got/);
  await expect(generate('a.proto', { includeDir: [] } as never)).rejects.toThrow(
    "generate() has no option 'includeDir'; the options are includeDirs, onFile",
  );
});

it('extensions of messages of other files are named as left out, custom options are not', async () => {
  const folder = folderWith({
    'base.proto': 'syntax = "proto2"; package b;\nmessage M { extensions 10 to 20; }',
    'more.proto': `syntax = "proto2"; package m;
      import "base.proto";
      import "google/protobuf/descriptor.proto";
      extend google.protobuf.FieldOptions { optional string unit = 50000; }
      extend b.M {
        optional int32 more = 10;
      }
      message Own { optional int32 a = 1 [(unit) = "cm"]; }`,
  });
  const { files, leftOut } = await generate(folder);
  expect(files.map(({ path }) => path)).toEqual(['base.ts', 'more.ts']);
  expect(leftOut).toEqual([
    {
      file: join(folder, 'more.proto'),
      line: 6,
      text: 'the extension m.more of b.M is left out: only those in the file of the message are generated',
    },
  ]);
});
