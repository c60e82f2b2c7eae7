import { type Client, connect, RpcError, type Stub, statusName } from 'tributary';
import type { Say } from '../say.js';
import { bulkCreateUsers } from './bulk-create.js';
import { chat } from './chat.js';
import { Users, type UsersMethods } from './service.js';

type UsersStub = Stub<UsersMethods>;

export async function run(client: Client, say: Say) {
  const stub = client.stub(Users);
  const bulk = await bulkCreateUsers(stub, say);
  const notFound = await getUser(stub, say);
  const cancelled = await listThreeUsers(stub, say);
  const expired = await listUsersInTime(stub, say);
  const heard = await chat(stub, say);
  return { bulk, notFound, cancelled, expired, heard };
}

async function getUser(stub: UsersStub, say: Say) {
  say('#', 'GetUser: an error status has a code and details');
  const { name, email } = await stub.getUser({ id: 1n });
  say('←', `user 1 is ${name}, ${email}`);
  try {
    await stub.getUser({ id: 1_000_000n });
    return undefined;
  } catch (error) {
    if (!RpcError.is(error)) throw error;
    say('✗', `${statusName(error.code)}: ${error.details}`);
    return error;
  }
}

async function listThreeUsers(stub: UsersStub, say: Say) {
  say('#', 'ListUsers: leaving the loop cancels the stream, and the server stops working on it');
  const stream = stub.listUsers({});
  let count = 0;
  for await (const { id, name, country } of stream) {
    say('←', `user ${id}: ${name}, ${country}`);
    count++;
    if (count === 3) break;
  }
  const { code, details } = await stream.status(); // never rejects: tells how the call ended
  say('·', `${statusName(code)}: ${details}`);
  return { count, code };
}

async function listUsersInTime(stub: UsersStub, say: Say) {
  say('#', 'ListUsers with a deadline: what came in time is delivered, then the error');
  say('→', 'all users, one by one, within 300 ms');
  let count = 0;
  try {
    for await (const _user of stub.listUsers({ pageSize: 1 }, { timeout: 300 })) count++;
    return undefined;
  } catch (error) {
    if (!RpcError.is(error)) throw error;
    say('←', `${count} users`);
    say('✗', `${statusName(error.code)}: ${error.details}`);
    return { count, code: error.code };
  }
}

// tsx samples/users/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
