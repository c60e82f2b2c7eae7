// Tributary beside grpc-js's own streams, in one interleaved run: `npm run bench -- --help`.

import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { type Options, parseOptions, USAGE } from './options.js';
import { formatHead, formatRows, rowsOf } from './report.js';
import { type Result, run } from './runner.js';
import { checkBuilt } from './what-ships.js';

const options = commandLine();
if (options === 'help') {
  console.log(USAGE);
} else {
  checkBuilt();
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`;
  const { rounds, milliseconds } = options;
  console.log(
    `${machine}; ${rounds} rounds of ${milliseconds / 1_000} s; server and client apart\n`,
  );
  console.log(formatHead());
  const results: Result[] = [];
  for await (const result of run(options)) {
    results.push(result);
    console.log(formatRows(rowsOf(result)));
  }
  if (options.json !== undefined) {
    const report = { machine, rounds, milliseconds, results, rows: results.flatMap(rowsOf) };
    await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
}

function commandLine(): Options | 'help' {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (misuse) {
    console.error((misuse as Error).message);
    process.exit(2);
  }
}
