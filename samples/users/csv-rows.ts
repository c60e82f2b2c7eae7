import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { CreateUserRow } from './service.js';

/** The rows of a CSV file below its header, read as they are asked for. */
export async function* csvRows(file: URL): AsyncGenerator<Partial<CreateUserRow>> {
  let row = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    if (row > 0) yield toRow(row, line);
    row++;
  }
}

/** A line that is not four fields goes as it is, so that no row is lost. */
function toRow(row: number, line: string): Partial<CreateUserRow> {
  const fields = splitLine(line);
  if (fields?.length !== 4) return { row, raw: line };
  const [name = '', email = '', age = '', country = ''] = fields;
  return { row, name, email, country, age: /^-?\d{1,9}$/.test(age) ? Number(age) : undefined };
}

/** The fields of one line (RFC 4180, no line breaks within); undefined if its quotes are wrong. */
export function splitLine(line: string): string[] | undefined {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = field.exec(line);
    if (match === null) return undefined;
    const [, quoted, plain = '', end] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '') return fields;
  }
}
