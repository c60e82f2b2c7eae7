import { ignore } from '../../base/deferred.js';
import { onAbort } from '../../base/on-abort.js';
import type { CallContext } from '../../context/call-context.js';
import type { Handlers } from '../../server/handlers.js';
import type { ServerCore } from '../../server/server.js';
import { Status } from '../../status/status.js';
import { checkServer } from '../check-server.js';
import { Health } from './health.js';
import {
  type HealthCheckResponse,
  type HealthMethods,
  HealthService,
  ServingStatus,
} from './health-service.js';

/**
 * Answers health checks, `grpc.health.v1.Health`, for the services that the server has and will
 * have. A watch is told of changes at once; while one that reads slowly has taken nothing, changes
 * are not kept for it, only the latest status. When the server begins to close, watches hear
 * NOT_SERVING and end, so they hold nothing up. None of this counts for `maxConcurrentCalls`.
 *
 * @returns what sets the status of each service
 * @throws {TypeError} when `server` is none, or answers health checks already
 */
export function addHealth(server: ServerCore): Health {
  checkServer('addHealth()', server);
  const health = new Health(server);
  const handlers: Handlers<HealthMethods> = {
    check({ service = '' }, ctx) {
      const status = health.status(service);
      if (status === undefined) return ctx.abort(Status.NOT_FOUND, `unknown service ${service}`);
      return { status: ServingStatus[status] };
    },
    list() {
      const statuses = health.names().map((name) => [name, statusOf(health, name)]);
      return {
        statuses: Object.fromEntries(statuses) as { [service: string]: HealthCheckResponse },
      };
    },
    watch: ({ service = '' }, ctx) => watch(server, health, service, ctx),
  };
  // A watch would hold its place for ever, and a server that is busy is not ill.
  server.add(HealthService, handlers, { limited: false });
  return health;
}

/** Gives a status whenever it is another than the one given before. */
async function* watch(
  server: ServerCore,
  health: Health,
  service: string,
  ctx: CallContext,
): AsyncGenerator<HealthCheckResponse> {
  let changed = false;
  let wake: () => void = ignore;
  const onChange = (): void => {
    changed = true;
    wake();
  };
  const stop = health.onChange(onChange);
  onAbort(ctx.signal, onChange);
  try {
    let last: number | undefined;
    while (!ctx.cancelled) {
      changed = false;
      const { status } = statusOf(health, service);
      // What changes while this waits for room is seen in the next round.
      if (status !== last) yield { status };
      last = status;
      if (server.draining.aborted && !changed) return;
      if (!changed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
  }
}

function statusOf(health: Health, service: string): HealthCheckResponse {
  return { status: ServingStatus[health.status(service) ?? 'SERVICE_UNKNOWN'] };
}
