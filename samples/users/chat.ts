import { setTimeout as pause } from 'node:timers/promises';
import { EOF, type ReadStream, type Stub, type WriteStream } from 'tributary';
import type { Say } from '../say.js';
import type { ChatMessage, UsersMethods } from './service.js';

/** Two people in one room, each on a call of their own. */
export async function chat(stub: Stub<UsersMethods>, say: Say) {
  say('#', 'Chat: both people send and receive at the same time');
  // `await using` cancels a call if this function is left before the call has ended.
  await using ann = stub.chat();
  await using bob = stub.chat();
  await Promise.all([ann.headers(), bob.headers()]); // both are in the room

  // Reading and writing are independent of one another: four loops run at once.
  const [annHeard, bobHeard] = await Promise.all([
    listen(ann, 'Ann', 3),
    listen(bob, 'Bob', 3),
    speak(ann, 'Ann', ['Hi Bob!', 'Are you on the river too?', 'See you at the weir.']),
    speak(bob, 'Bob', ['Ahoy Ann!', 'The water is high today.', 'Mind the current!']),
  ]);
  await Promise.all([ann.doneWriting(), bob.doneWriting()]); // both leave

  const ends = await Promise.all([ann.read(), bob.read()]);
  if (ends.every((end) => end === EOF)) say('·', 'both have left: EOF for each of them');
  return { annHeard, bobHeard };

  async function speak(stream: WriteStream<ChatMessage>, author: string, lines: string[]) {
    for (const text of lines) {
      await stream.write({ author, text });
      say('→', `${author}: ${text}`);
      await pause(30); // to draw breath
    }
  }

  async function listen(stream: ReadStream<ChatMessage>, listener: string, count: number) {
    const heard: string[] = [];
    while (heard.length < count) {
      const message = await stream.read();
      if (message === EOF) break;
      heard.push(message.text);
      say('←', `${listener} hears ${message.author}: ${message.text}`);
    }
    return heard;
  }
}
