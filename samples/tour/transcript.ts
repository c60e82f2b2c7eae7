import { styleText } from 'node:util';
import type { Mark, Say } from '../say.js';

type Format = Extract<Parameters<typeof styleText>[0], string>;

const COLOURS: Record<Exclude<Mark, '#'>, Format> = {
  '→': 'cyan',
  '←': 'green',
  '·': 'yellow',
  '✗': 'red',
};

/**
 * Prints a line in colour, unless NO_COLOR is set or nobody would see it: styleText looks after
 * that, but in Node 20 only when it is given one format at a time.
 */
function print(text: string, ...formats: Format[]): void {
  console.log(formats.reduce((styled, format) => styleText(format, styled), text));
}

export function printIntroduction(address: string, transport: string): void {
  print('Tributary in samples', 'bold');
  console.log(`A server process listens on ${address}; this one calls it, over ${transport}().\n`);
  print('  → was sent', COLOURS['→']);
  print('  ← came', COLOURS['←']);
  print('  · was noticed on this side, without a message', COLOURS['·']);
  print('  ✗ failed, as it was meant to', COLOURS['✗']);
  print('  server │ what the server process printed', 'magenta');
}

export function printHeading(name: string, about: string): void {
  print(`\n━━ ${name} ${'━'.repeat(76 - name.length)}`, 'bold', 'blue');
  console.log(about);
  print(`To read: samples/${name}/server.ts and samples/${name}/client.ts`, 'dim');
}

export const say: Say = (mark, text) => {
  if (mark === '#') print(`\n  ${text}`, 'bold');
  else print(`    ${mark} ${text}`, COLOURS[mark]);
};

export function printServerLine(line: string): void {
  print(`    server │ ${line}`, 'magenta');
}

export function printCheck(what: string, right: boolean): void {
  print(`  ${right ? '✓' : 'WRONG:'} ${what}`, 'bold', right ? 'green' : 'red');
}
