import { expect, test } from '@jest/globals';
import { run } from '../../samples/questions/client.js';
import { addQuestions } from '../../samples/questions/server.js';
import { QuestionController } from '../../samples/questions/service.js';
import { printedAnew } from '../code-first/print.js';
import { withServer } from './with-server.js';

test('questions: declared in code, over one stream', async () => {
  const { seen, said } = await withServer(addQuestions, run);
  expect(seen.ended).toBe(true);
  expect(seen.answers).toEqual([
    { number: 1, answerText: 'Four.', doubt: 0 },
    { number: 2, answerText: expect.stringContaining('EOF'), doubt: 0 },
    { number: 3, unclear: expect.stringContaining('kinds of call'), doubt: 1 },
  ]);
  expect(said.at(-1)).toBe('· without doubt: 2 of 3');
});

test('questions: the .proto is as the code is', () => {
  const { found, files, problems, breaking } = printedAnew(QuestionController, 'proto');
  expect({ problems, breaking }).toEqual({ problems: [], breaking: [] });
  expect([...files.keys()]).toEqual(['questions/v1/question_controller.proto']);
  for (const [path, text] of files) expect(found.get(path)).toBe(text);
});
