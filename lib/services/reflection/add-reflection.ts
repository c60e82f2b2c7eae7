import type { CallContext } from '../../context/call-context.js';
import type { Handlers } from '../../server/handlers.js';
import type { ServerCore } from '../../server/server.js';
import { EOF } from '../../streams/eof.js';
import type { ReadStream } from '../../streams/read-stream.js';
import { checkServer } from '../check-server.js';
import {
  type ReflectionMethods,
  type ReflectionRequest,
  type ReflectionResponse,
  reflectionService,
} from './reflection-service.js';
import { Reflector } from './reflector.js';

/**
 * Tells clients such as `grpcurl` and `buf curl` which services the server has and what their
 * messages are: `grpc.reflection.v1.ServerReflection`, and its older name `v1alpha`. Services added
 * later are told of, too. Those written by hand are listed, but have no `.proto` to show.
 *
 * Open reflection streams end with UNAVAILABLE when the server begins to close.
 *
 * @returns the server
 * @throws {TypeError} when `server` is none, or has reflection already
 */
export function addReflection<Server extends ServerCore>(server: Server): Server {
  checkServer('addReflection()', server);
  const reflector = new Reflector(server);
  for (const version of ['v1', 'v1alpha'] as const) {
    const handlers: Handlers<ReflectionMethods> = {
      serverReflectionInfo: (stream, ctx) => answerAll(reflector, stream, ctx),
    };
    // A tool may keep its stream open for as long as it runs.
    server.add(reflectionService(version), handlers, { limited: false });
  }
  return server;
}

async function* answerAll(
  reflector: Reflector,
  stream: ReadStream<ReflectionRequest>,
  ctx: CallContext,
): AsyncGenerator<ReflectionResponse> {
  const sent = new Set<string>();
  for (;;) {
    const request = await stream.read({ signal: ctx.draining });
    if (request === EOF) return;
    const answer = reflector.answer(request, sent);
    yield { ...answer, validHost: request.host, originalRequest: request };
  }
}
