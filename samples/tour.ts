/**
 * Starts a server process and shows the samples one after the other, or those that are named:
 *
 *     npm start
 *     npm start -- greeter users
 *     npm start -- --transport http2
 *
 * Exits 0 when everything was as it should be, otherwise 1 and says why.
 */
import { parseArgs } from 'node:util';
import { connect } from 'tributary';
import { interruption } from './tour/interruption.js';
import { samples } from './tour/samples.js';
import { ServerProcess } from './tour/server-process.js';
import {
  printCheck,
  printHeading,
  printIntroduction,
  printServerLine,
  say,
} from './tour/transcript.js';
import { transportNamed } from './transport.js';

/** How long all of it may take, in milliseconds; it should be a tenth of this. */
const LIMIT = 50_000;

/** Shows the samples of these names; throws when what they did was not right. */
async function tour(names: string[], transportName: string, server: ServerProcess): Promise<void> {
  const address = await server.address(15_000);
  printIntroduction(address, transportName);
  await using client = connect(address, { transport: transportNamed(transportName) });
  const wrong: string[] = [];
  const check = (what: string, right: boolean) => {
    printCheck(what, right);
    if (!right) wrong.push(what);
  };
  for (const name of names) {
    const { about, run, serverSays } = samples[name]!;
    printHeading(name, about);
    const checks = await run(client, say).catch((cause: unknown) => {
      throw new Error(`${name} ended in ${cause}`, { cause });
    });
    console.log();
    for (const [what, right] of Object.entries(checks)) check(what, right);
    if (serverSays !== undefined) {
      const line = await server.said(serverSays, 2_000);
      check(`the server noticed: ${line ?? serverSays}`, line !== undefined);
    }
  }
  if (wrong.length > 0) throw new Error(`this was not so: ${wrong.join('; ')}`);
}

/** The names given, or all; throws for one that is no sample's. */
function chosenSamples(given: string[]): string[] {
  const all = Object.keys(samples);
  const unknown = given.find((name) => !all.includes(name));
  if (unknown === undefined) return given.length > 0 ? [...new Set(given)] : all;
  throw new Error(`there is no sample '${unknown}'; there are ${all.join(', ')}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { transport: { type: 'string', default: 'grpc' } },
    allowPositionals: true,
  });
  const names = chosenSamples(positionals);
  transportNamed(values.transport); // throws for a name that is none's
  const start = performance.now();
  const server = new ServerProcess(values.transport, printServerLine);
  try {
    await Promise.race([
      tour(names, values.transport, server),
      server.failure(),
      interruption(LIMIT),
    ]);
  } finally {
    await server.stop();
  }
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.log(`\nAll was as it should be, in ${seconds} s. The library begins at lib/index.ts.`);
}

try {
  await main();
} catch (error) {
  const { message, cause } = error as Error;
  console.error(`\nThe tour failed: ${message}`);
  if (cause !== undefined) console.error(cause);
  process.exitCode = 1;
}
// Whatever a failed tour has left pending does not keep the process alive.
setTimeout(() => process.exit(), 1_000).unref();
