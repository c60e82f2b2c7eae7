#!/usr/bin/env node
import { runCommand } from './run-command.js';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A second signal ends the process as if nobody listened.
  process.once(signal, () => ending.abort(new Error(signal)));
}
process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  signal: ending.signal,
});
