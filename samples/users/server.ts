import { setTimeout as pause } from 'node:timers/promises';
import { Server, Status, type WriteStream } from 'tributary';
import { type BulkCreateReply, type ChatMessage, Users } from './service.js';
import { UserStore } from './user-store.js';

export function addUsers(server: Server, log: (line: string) => void = console.log): void {
  const store = new UserStore();
  const room = new Set<WriteStream<ChatMessage>>();

  server.add(Users, {
    // abort() ends the call with a status; the client gets it as an RpcError.
    getUser({ id }, ctx) {
      return store.get(id) ?? ctx.abort(Status.NOT_FOUND, `there is no user ${id}`);
    },

    async *listUsers({ country, pageSize = 100 }, ctx) {
      let sent = 0;
      try {
        for (const page of store.pages(country, Math.max(pageSize, 1))) {
          // A database would take its time here. Hand ctx.signal to whatever waits: when the
          // client cancels or the deadline passes, the work stops at once.
          await pause(2, undefined, { signal: ctx.signal });
          for (const user of page) {
            yield user;
            sent++;
          }
        }
      } finally {
        if (ctx.cancelled) log(`ListUsers: ${ctx.signal.reason.details}; stopped after ${sent}`);
      }
    },

    async bulkCreateUsers(stream) {
      const reply: BulkCreateReply = { created: 0, errors: [] };
      for await (const row of stream) {
        const reason = store.create(row);
        if (reason === undefined) reply.created++;
        else reply.errors.push({ row: row.row, reason });
      }
      return reply;
    },

    async chat(stream, ctx) {
      room.add(stream);
      ctx.sendHeaders({}); // tells the client that it is in the room
      try {
        for await (const message of stream) {
          const others = [...room].filter((other) => other !== stream);
          // Not Promise.all: that someone else has just left must not end this call.
          await Promise.allSettled(others.map((other) => other.write(message)));
        }
      } finally {
        room.delete(stream);
      }
    },
  });
}

// tsx samples/users/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addUsers(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The user service listens on ${address}`);
}
