// npm run soak: what only shows after a while. Ends with 1 if anything failed or grew.

import { parseOptions, USAGE } from './options.js';
import { plot } from './plot.js';
import { type Report, soak } from './soak.js';
import { table } from './table.js';

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const reports: Report[] = [];
  for (const transport of options.transports) {
    const report = await soak(transport, options.milliseconds);
    reports.push(report);
    if (!options.json) print(report);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(reports)}\n`);
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

function print(report: Report): void {
  const { faults } = report;
  const verdict = faults.length === 0 ? 'nothing failed, nothing grew' : faults.join('\n');
  process.stdout.write(`\n${table(report)}\n\n${plot(report.moments)}\n\n${verdict}\n`);
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  process.exit(1);
}
