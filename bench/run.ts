// Tributary beside other libraries and the floor, in one interleaved run: `npm run bench -- --help`.

import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { drawChart } from './chart.js';
import { rowsOf } from './figures.js';
import type { MemoryResult } from './memory-runner.js';
import { type Options, parseOptions, USAGE } from './options.js';
import type { RateResult } from './rate-runner.js';
import { memoryHead, memoryLine, rateHead, rateLines, verdictTable } from './report.js';
import { run } from './runner.js';
import { TARGETS } from './targets.js';
import { judge } from './verdicts.js';
import { checkBuilt } from './what-ships.js';

const options = commandLine();
if (options === 'help') console.log(USAGE);
else {
  checkBuilt();
  await runAndReport(options);
}

async function runAndReport(options: Options): Promise<void> {
  const { rounds, milliseconds } = options;
  const machine = `Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`;
  const method = `${rounds} rounds of ${milliseconds / 1_000} s, server and client apart`;
  console.log(`${machine}; ${method}`);

  const rates: RateResult[] = [];
  const memories: MemoryResult[] = [];
  for await (const result of run(options)) {
    if ('workload' in result) {
      if (rates.push(result) === 1) console.log(`\n${rateHead()}`);
      console.log(rateLines(rowsOf(result)));
    } else {
      if (memories.push(result) === 1) console.log(`\n${memoryHead()}`);
      console.log(memoryLine(result));
    }
  }
  const rows = rates.flatMap(rowsOf);
  const verdicts = judge(TARGETS, rates, memories);
  if (verdicts.length > 0) console.log(`\n${verdictTable(verdicts)}`);

  if (options.json !== undefined) {
    const report = { machine, rounds, milliseconds, rows, memories, verdicts, rates };
    await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  if (options.svg !== undefined) {
    const small = rows.filter(({ size }) => size === '110b');
    await writeFile(options.svg, drawChart(small, `Messages of 110 bytes. ${machine}; ${method}.`));
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
