/** The version in package.json. */
const VERSION = '0.1.0';

/**
 * The `user-agent` header, with an application's own words first.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#user-agents
 */
export function userAgent(application: string | undefined): string {
  const own = `grpc-node-tributary/${VERSION}`;
  return application === undefined ? own : `${application} ${own}`;
}
