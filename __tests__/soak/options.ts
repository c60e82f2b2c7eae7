import { parseArgs } from 'node:util';
import { TRANSPORTS, type TransportName } from './transports.js';

/** What to soak, and how long. */
export interface Options {
  readonly transports: readonly TransportName[];
  /** For each transport. */
  readonly milliseconds: number;
  /** Whether to print JSON instead of the table and the plot. */
  readonly json: boolean;
}

const NAMES = Object.keys(TRANSPORTS) as TransportName[];

export const USAGE = `npm run soak -- [options]
  --minutes <m>       how long each transport is soaked; 2 unless given
  --transport <name>  ${NAMES.join(', ')}; all unless given, may be repeated
  --json              prints every figure as JSON`;

/** Reads the command line; throws an Error that says what is wrong with it. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h' },
      minutes: { type: 'string', default: '2' },
      transport: { type: 'string', multiple: true, default: NAMES },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.help === true) return 'help';
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes < Infinity)) {
    throw new Error(`--minutes must be a number above 0, got '${values.minutes}'`);
  }
  const unknown = values.transport.find((name) => !(NAMES as string[]).includes(name));
  if (unknown !== undefined) {
    throw new Error(`--transport must be one of ${NAMES.join(', ')}; got '${unknown}'`);
  }
  const transports = values.transport as TransportName[];
  return { transports, milliseconds: minutes * 60_000, json: values.json };
}
