import { Server } from 'tributary';
import { Doubt, QuestionController } from './service.js';

const { DOUBT_NONE, DOUBT_SOME } = Doubt.numbers;
const known = new Map([
  ['how many kinds of call are there?', 'Four.'],
  ['what ends a stream?', 'EOF, a status, or your patience.'],
]);

export function addQuestions(server: Server): void {
  server.add(QuestionController, {
    async *ask(questions) {
      let number = 0;
      for await (const { questionText } of questions) {
        number += 1;
        const answerText = known.get(questionText.trim().toLowerCase());
        // One member of the oneof, or the other: both at once would not compile.
        if (answerText !== undefined) yield { number, answerText, doubt: DOUBT_NONE };
        else yield { number, unclear: [...known.keys()].join(' '), doubt: DOUBT_SOME };
      }
    },
  });
}

// tsx samples/questions/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addQuestions(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The question service listens on ${address}`);
}
