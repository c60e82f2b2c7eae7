import { expect, it } from '@jest/globals';
import {
  biStream,
  clientStream,
  defineService,
  enumType,
  field,
  type MessageType,
  message,
  oneof,
  serverStream,
  unary,
  wellKnown,
} from 'tributary';
import { printed, printedAnew } from './print.js';

it('prints all there is', () => {
  interface Node {
    label: string;
    children: Node[];
  }
  const Node: MessageType<Node, Partial<Node>> = message('Question.Node', {
    label: field.string(),
    children: field.message((): MessageType<Node, Partial<Node>> => Node).repeated(),
  });
  const Color = enumType(
    'Question.Color',
    { COLOR_UNSPECIFIED: 0, COLOR_RED: 1, COLOR_CRIMSON: 1, COLOR_BELOW: -1 },
    { comment: 'A hue.', comments: { COLOR_RED: 'As blood.' }, reserved: [[7, 9], 'COLOR_OLD'] },
  );
  const Question = message(
    'Question',
    {
      questionText: field.string(1, 'What is asked,\nin words.'),
      tags: field.string(20).repeated(),
      size: field.uint64().optional().deprecated(),
      color: field.enum(Color),
      nodes: field.map('int32', field.message(Node), 'By their places.'),
      at: field.message(wellKnown.Timestamp),
      picture: oneof({ url: field.string(), image: field.bytes('The file.') }, 'Or none.'),
    },
    { comment: 'A question.', reserved: [9, 30, [28, 31], 'oldOne', 'older'], deprecated: true },
  );
  const Answer = message('Answer', {});
  const Questions = defineService(
    'app.v1.Questions',
    {
      ask: biStream(Question, Answer, { comment: 'Asks.' }),
      tell: clientStream(Question, wellKnown.Empty),
      list: serverStream(wellKnown.Empty, Question, { name: 'list' }),
      get: unary(Question, Answer),
    },
    { comment: 'All questions.' },
  );
  expect(printed(Questions)).toBe(`\
// Printed from code by \`tributary proto\`: change the code, not this file.
syntax = "proto3";

package app.v1;

import "google/protobuf/empty.proto";
import "google/protobuf/timestamp.proto";

// All questions.
service Questions {
  // Asks.
  rpc Ask (stream Question) returns (stream Answer);
  rpc Tell (stream Question) returns (google.protobuf.Empty);
  rpc list (google.protobuf.Empty) returns (stream Question);
  rpc Get (Question) returns (Answer);
}

// A question.
message Question {
  option deprecated = true;
  reserved 9, 28 to 31;
  reserved "old_one", "older";

  message Node {
    string label = 1;
    repeated Question.Node children = 2;
  }

  // A hue.
  enum Color {
    option allow_alias = true;
    reserved 7 to 9;
    reserved "COLOR_OLD";

    COLOR_UNSPECIFIED = 0;
    // As blood.
    COLOR_RED = 1;
    COLOR_CRIMSON = 1;
    COLOR_BELOW = -1;
  }

  // What is asked,
  // in words.
  string question_text = 1;
  repeated string tags = 20;
  optional uint64 size = 2 [deprecated = true];
  Question.Color color = 3;
  // By their places.
  map<int32, Question.Node> nodes = 4;
  google.protobuf.Timestamp at = 5;
  // Or none.
  oneof picture {
    string url = 6;
    // The file.
    bytes image = 7;
  }
}

message Answer {}
`);
});

it('prints a file for each package, and what they need', () => {
  const Money = message('common.v1.Money', { units: field.int64(1) });
  const Order = message('Order', { price: field.message(Money, 1) });
  const Orders = defineService('shop.Orders', { get: unary(Order, Order) });
  const { files } = printedAnew(Orders, 'no-such-directory');
  expect([...files.keys()]).toEqual(['common/v1/orders.proto', 'shop/orders.proto']);
  expect(files.get('shop/orders.proto')).toContain('import "common/v1/orders.proto";');
  expect(files.get('shop/orders.proto')).toContain('common.v1.Money price = 1;');
});

it('prints types from the root where a nearer name would be found', () => {
  const Ask = message('Ask', {});
  const Google = message('Google', { google: field.message(wellKnown.Empty, 1) });
  const Streamed = message('stream.v1.Streamed', { ask: field.bool(1) });
  const S = defineService('app.google.S', {
    ask: unary(Ask, Google),
    stream: unary(Streamed, Ask),
  });
  const { files } = printedAnew(S, 'no-such-directory');
  expect(files.get('app/google/s.proto')).toContain('rpc Ask (.app.google.Ask) returns (Google);');
  expect(files.get('app/google/s.proto')).toContain('(.stream.v1.Streamed)');
  expect(files.get('app/google/s.proto')).toContain('.google.protobuf.Empty google = 1;');
});

it('prints names that objects inherit as any other', () => {
  const E = enumType('E', { constructor: 0, valueOf: 1 });
  const M = message('M', { toString: field.enum(E) });
  const text = printed(defineService('app.S', { a: unary(M, M, { name: 'hasOwnProperty' }) }));
  expect(text).toContain('rpc hasOwnProperty (M) returns (M);');
  expect(text).toContain('E to_string = 1;');
  expect(text).toContain('  constructor = 0;\n  valueOf = 1;\n');
});

it('keeps a comment a comment', () => {
  const M = message('M', { a: field.bool(1, '*/ }\r\n\u2028\0x\ud800') });
  const text = printed(defineService('app.S', { a: unary(M, M) }));
  expect(text).toContain('  // */ }\n  //\n  //  x\ufffd\n  bool a = 1;\n');
});

it.each([
  ['app.v1.HTTPService', 'app/v1/h_t_t_p_service.proto'],
  ['app.Questions_V2', 'app/questions_v2.proto'],
  ['S_', 's_.proto'],
])('the file of %s is %s', (name, path) => {
  const M = message('M', {});
  const { files } = printedAnew(defineService(name, { a: unary(M, M) }), 'no-such-directory');
  expect([...files.keys()]).toEqual([path]);
});
