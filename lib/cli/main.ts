#!/usr/bin/env node
import { runCommand } from './run-command.js';

let ending: AbortSignal | undefined;
let isOver = false;
process.once('exit', () => {
  if (isOver) return;
  // Else a check in CI would have passed, or failed without a word.
  console.error('it did not come to its end: a loaded module ended it, or awaits what never comes');
  process.exitCode = 1;
});

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  // Only who asks is told of signals: they end anything else at once.
  get signal() {
    ending ??= endingSignal();
    return ending;
  },
});
isOver = true;
// A module that was loaded may have started something, such as a server: that is not waited for.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));

function endingSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // A second signal ends the process as if nobody listened.
    process.once(signal, () => controller.abort(new Error(signal)));
  }
  return controller.signal;
}
