import { biStream, defineService, enumType, field, message, oneof } from 'tributary';

export const Doubt = enumType('Doubt', { DOUBT_NONE: 0, DOUBT_SOME: 1 });

export const Question = message('Question', {
  questionText: field.string('what is asked'),
});

export const Answer = message('Answer', {
  number: field.uint32('which question it is the answer to, from 1'),
  outcome: oneof({
    answerText: field.string(),
    unclear: field.string('what to ask instead'),
  }),
  doubt: field.enum(Doubt),
});

/**
 * A service without a `.proto` of its own: these types are the types of stubs and handlers, and
 * `tributary proto --out proto samples/questions/service.ts` prints the file for everybody else. Fields
 * keep the numbers that they have there.
 */
export const QuestionController = defineService(
  'questions.v1.QuestionController',
  { ask: biStream(Question, Answer, { comment: 'Answers each question as it comes.' }) },
  { comment: 'Knows a little.', protos: new URL('../../proto/', import.meta.url) },
);
