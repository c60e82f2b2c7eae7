import { bidiStream, json, service } from 'tributary';

export interface Question {
  question: string;
}

export interface Answer {
  answer: string;
}

/** A conversation that only those have who are known. */
export const Oracle = service('samples.Oracle', {
  ask: bidiStream(json<Question>(), json<Answer>()),
});
