import type { Stub } from 'tributary';
import type { Say } from '../say.js';
import { csvRows } from './csv-rows.js';
import type { UsersMethods } from './service.js';

const file = new URL('users.csv', import.meta.url);

export async function bulkCreateUsers(stub: Stub<UsersMethods>, say: Say) {
  say('#', 'BulkCreateUsers: 10,000 rows of a CSV file go up, and none of them is lost');
  say('→', 'users.csv, read no faster than its rows can be sent');
  const reply = await stub.bulkCreateUsers(csvRows(file));
  say('←', `${reply.created} users created, ${reply.errors.length} rows refused:`);
  const rowsByReason = new Map<string, number[]>();
  for (const { row, reason } of reply.errors) {
    rowsByReason.set(reason, [...(rowsByReason.get(reason) ?? []), row]);
  }
  for (const [reason, rows] of rowsByReason) {
    say('←', `${String(rows.length).padStart(4)} × ${reason}, as in row ${rows[0]}`);
  }
  return reply;
}
