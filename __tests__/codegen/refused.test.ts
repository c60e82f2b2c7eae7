import { describe, expect, it } from '@jest/globals';
import { generate } from '../../lib/codegen/index.js';
import { folderWith } from './in-folder.js';
import { mistakesIn, proto2, proto3 } from './mistakes-in.js';

const edition = (body: string) => ({ 'a.proto': `edition = "2023"; package p;\n${body}` });
/** Each file on a line of its own. */
const files = (...texts: readonly string[]) =>
  Object.fromEntries(texts.map((text, i) => [`${'abc'[i]}.proto`, `syntax = "proto3"; ${text}`]));

describe('names', () => {
  it.each<[what: string, files: { [path: string]: string }, said: RegExp]>([
    [
      'a message __proto__',
      proto3('message __proto__ {}\nmessage B { __proto__ p = 1; }'),
      /^a\.proto:2: p\.__proto__: __proto__ is special in JavaScript and not supported; rename it$/,
    ],
    [
      'a method __proto__, which would be lost',
      proto3('message B {}\nservice S {\n rpc __proto__(B) returns (B); }'),
      /^a\.proto:4: p\.S\.__proto__: __proto__ is special/,
    ],
    [
      'a field __proto__, which would be lost',
      proto3('message B {\n int32 __proto__ = 1; }'),
      /^a\.proto:3: p\.B\.__proto__: __proto__ is special/,
    ],
    [
      'a package __proto__',
      files('package\na.__proto__; message B {}'),
      /^a\.proto:1: a\.__proto__: __proto__ is special/,
    ],
    [
      'a method without a letter',
      proto3('message B {}\nservice S {\n rpc _(B) returns (B); }'),
      /^a\.proto:4: p\.S\._: a name needs a letter; rename it$/,
    ],
    [
      'a field and a message',
      proto3('message M {\n message a {}\n a a = 1;\n}'),
      /^a\.proto:4: p\.M\.a is the name of the message on line 3, too; rename one of them$/,
    ],
    [
      'a field and the presence of another',
      proto3('message M {\n optional int32 a = 1;\n int32 _a = 2;\n}'),
      /^a\.proto:4: p\.M\._a is the name of the presence of the optional field a on line 3/,
    ],
    [
      'a message and the entries of a map',
      proto3('message M {\n map<int32, int32> foo_bar = 1;\n message FooBarEntry {}\n}'),
      /^a\.proto:4: p\.M\.FooBarEntry is the name of the entries of the map foo_bar on line 3/,
    ],
    [
      'values of two enums',
      proto3('enum E { UNKNOWN = 0; }\nenum F {\n UNKNOWN = 0; }'),
      /^a\.proto:4: p\.UNKNOWN is the name of the value on line 2, too \(values stand beside their enum, not in it\); rename one/,
    ],
    [
      'a package and a message of another file',
      files('package p; message q {}', '\npackage p.q; message Z { int32 y = 1; }'),
      /^b\.proto:2: p\.q is the name of the message at a\.proto:1, too; rename one of them$/,
    ],
    [
      'messages of two files, not what they hold',
      files('package p; message M { int32 x = 1; }', 'package p; message M { int32 x = 1; }'),
      /^b\.proto:1: p\.M is declared at a\.proto:1, too; rename one, or generate them apart$/,
    ],
    [
      'two fields that are one in JSON',
      proto3('message M {\n string a = 1 [json_name = "x"];\n string x = 2;\n}'),
      /^a\.proto:4: p\.M\.x and a on line 3 are both x in JSON; give one another json_name$/,
    ],
  ])('%s', async (_what, files, said) => {
    expect(await mistakesIn(files)).toMatch(said);
  });

  it('values of one name in files that do not meet are fine', async () => {
    const folder = folderWith(files('enum E { UNKNOWN = 0; }', 'enum F { UNKNOWN = 0; }'));
    expect((await generate(folder)).files.length).toBe(2);
  });
});

describe('references', () => {
  const own = 'package p; message A { int32 x = 1; }';

  it.each<[what: string, files: { [path: string]: string }, said: RegExp]>([
    [
      'all types that are missing',
      proto3('message M {\n A a = 1;\n map<string, B> b = 2;\n}'),
      /^a\.proto:3: p\.M\.a: there is no type A; .*\na\.proto:4: p\.M\.b: there is no type B; /,
    ],
    [
      'a file that is not imported',
      files(own, 'package p; message B {\n A a = 1; }'),
      /^b\.proto:2: p\.B\.a: p\.A is in a\.proto, which is not imported here; import it$/,
    ],
    [
      'a file that only an imported one imports',
      files(
        own,
        'import "a.proto";',
        'import "b.proto"; package p; service S {\n rpc X(A) returns (A); }',
      ),
      /^c\.proto:2: p\.S\.X: p\.A is in a\.proto, which is not imported here; import it/,
    ],
    [
      'files that import one another',
      files('import "b.proto";', '\nimport "a.proto";'),
      /^b\.proto:2: files cannot import one another: a\.proto → b\.proto → a\.proto; move what/,
    ],
    [
      'a file that imports itself',
      files('\nimport "a.proto";'),
      /^a\.proto:2: files cannot import one another: a\.proto → a\.proto; /,
    ],
    [
      'a method of an enum, and of a scalar',
      proto3('enum E { Z = 0; }\nmessage A {}\nservice S {\n rpc X(E) returns (string); }'),
      /^a\.proto:5: p\.S\.X: E is not a message\na\.proto:5: p\.S\.X: string is not a message$/,
    ],
    [
      'a closed enum without presence',
      edition(
        'enum E { option features.enum_type = CLOSED; A = 1; }\nmessage M {\n E e = 1 [features.field_presence = IMPLICIT]; }',
      ),
      /^a\.proto:4: p\.M\.e: the enum E is closed, which a field without presence cannot have/,
    ],
    [
      'a default without presence',
      edition('message M {\n int32 a = 1 [features.field_presence = IMPLICIT, default = 5]; }'),
      /^a\.proto:3: p\.M\.a: a field without presence has no default; leave it out$/,
    ],
  ])('%s', async (_what, files, said) => {
    expect(await mistakesIn(files)).toMatch(said);
  });

  it('what is imported publicly counts as imported', async () => {
    const folder = folderWith(
      files(own, 'import public "a.proto";', 'import "b.proto"; package p; message C { A a = 1; }'),
    );
    expect((await generate(folder)).files.length).toBe(3);
  });
});

describe('extensions', () => {
  it.each<[what: string, files: { [path: string]: string }, said: RegExp]>([
    [
      'of a message that is missing',
      proto2('\nextend Nope {\n optional int32 a = 100; }'),
      /^a\.proto:3: extend: there is no type Nope; is an import missing\?$/,
    ],
    [
      'with a number that is not for them',
      proto2('message M { extensions 100 to 199; }\nextend M {\n optional int32 a = 99; }'),
      /^a\.proto:4: extend p\.M\.a: the number is 99, but those for extensions are 100 to 199$/,
    ],
    [
      'of a message that has none',
      proto2('message M {}\nextend M {\n optional int32 a = 99; }'),
      /^a\.proto:4: extend p\.M\.a: the number is 99, but it has none for extensions$/,
    ],
    [
      'with one number, in two places',
      proto2(
        'message M { extensions 100 to 199; }\nextend M { optional int32 a = 100; }\nextend M {\n optional int32 b = 100; }',
      ),
      /^a\.proto:5: extend b: another extension has the number 100; take another$/,
    ],
    [
      'that are required',
      proto2('message M { extensions 100 to 199; }\nextend M {\n required int32 a = 100; }'),
      /^a\.proto:4: extend M\.a: an extension cannot be required$/,
    ],
    [
      'in proto3',
      proto3('message M { extensions 100 to 199; }'),
      /^a\.proto:2: p\.M: proto3 has no/,
    ],
  ])('%s', async (_what, files, said) => {
    expect(await mistakesIn(files)).toMatch(said);
  });
});

it.each<[what: string, files: { [path: string]: string }, said: RegExp]>([
  [
    'a syntax that there is not',
    { 'a.proto': '\nsyntax = "proto4"; message M {}' },
    /^a\.proto:2: there is no syntax proto4; it is proto2 or proto3, or an edition$/,
  ],
  [
    'octal numbers count as such',
    proto3('enum E {\n A = 0;\n B = 8;\n C = 010;\n}'),
    /^a\.proto:5: p\.E\.C has the number of B, 8; /,
  ],
  [
    'octal numbers of fields',
    proto3('message M {\n reserved 15;\n int32 a = 017;\n}'),
    /^a\.proto:4: p\.M\.a: the number 15 is reserved/,
  ],
  [
    'an empty oneof',
    proto3('message M {\n oneof a {}\n}'),
    /^a\.proto:3: the oneof p\.M\.a has no field; a oneof needs one$/,
  ],
  [
    'an empty range',
    proto3('message M { reserved 5 to 3; }'),
    /^a\.proto:2: p\.M: there is nothing from 5 to 3$/,
  ],
  [
    'packed texts',
    proto3('message M {\n repeated string a = 1 [packed = true]; }'),
    /^a\.proto:3: p\.M\.a: only repeated numbers, bools and enums are packed; leave that out$/,
  ],
  [
    'an escape of no character',
    proto2('message M {\n optional string a = 1 [default = "\\U00110000"]; }'),
    /^a\.proto:3: p\.M\.a: the default must be of characters up to \\U0010ffff, got/,
  ],
])('%s', async (_what, files, said) => {
  expect(await mistakesIn(files)).toMatch(said);
});
