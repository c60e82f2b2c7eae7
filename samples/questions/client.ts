import { type Client, connect, EOF, type MessageOf } from 'tributary';
import type { Say } from '../say.js';
import { type Answer, Doubt, QuestionController } from './service.js';

const questions = ['How many kinds of call are there?', 'What ends a stream?', 'And then?'];

export async function run(client: Client, say: Say) {
  const stub = client.stub(QuestionController);
  const answers: MessageOf<typeof Answer>[] = [];

  say('#', 'A question, its answer, the next question');
  const stream = stub.ask();
  for (const questionText of questions) {
    say('→', questionText);
    await stream.write({ questionText });
    const answer = await stream.read();
    if (answer === EOF) break;
    answers.push(answer);
    // The compiler knows that one of the two is there, at most.
    if (answer.answerText !== undefined) say('←', `${answer.number}: ${answer.answerText}`);
    else say('←', `${answer.number}: Better ask: ${answer.unclear}`);
  }
  await stream.doneWriting();

  say('·', `without doubt: ${answers.filter(isSure).length} of ${answers.length}`);
  return { answers, ended: (await stream.read()) === EOF };
}

function isSure({ doubt }: MessageOf<typeof Answer>): boolean {
  return doubt === Doubt.numbers.DOUBT_NONE;
}

// tsx samples/questions/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
