// What is declared in code can be exported from a library: its declarations name public types only.
import {
  biStream,
  connect,
  defineService,
  enumType,
  field,
  type MessageOf,
  message,
  oneof,
  service,
  unary,
  wellKnown,
} from 'tributary';

export const Color = enumType('Color', { COLOR_UNSPECIFIED: 0, COLOR_RED: 1 });
export const Question = message('Question', {
  text: field.string(1),
  size: field.int64(2).optional(),
  color: field.enum(Color, 3),
  at: field.message(wellKnown.Timestamp, 4),
  notes: field.map('string', field.message(wellKnown.Any), 5),
  about: oneof({ url: field.string(6), page: field.int32(7) }),
});
export type Question = MessageOf<typeof Question>;
export const about = oneof({ url: field.string(6) });
export const Questions = defineService('app.v1.Questions', {
  ask: biStream(Question, Question),
  rest: unary(wellKnown.Empty, wellKnown.Struct),
});
export const ByHand = service('app.v1.ByHand', { ask: unary(Question, Question) });
export const stub = connect('127.0.0.1:50051').stub(Questions);
export const ask = () => stub.ask();
export const read = (bytes: Uint8Array) => Question.decode(bytes);
