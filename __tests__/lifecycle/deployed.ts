import { bidiStream, json, service, unary } from 'tributary';

/** Tells calls apart, and the processes that answered them. */
export interface Reply {
  readonly n: number;
  readonly pid: number;
}

const reply = json<Reply>();

/** What is deployed while it is in use. */
export const Deployed = service('lifecycle.Deployed', {
  work: unary(reply, reply),
  chat: bidiStream(reply, reply),
});
