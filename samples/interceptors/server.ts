import {
  authenticate,
  contextKey,
  type Handlers,
  Server,
  type ServerInterceptor,
  validate,
} from 'tributary';
import { Oracle } from './service.js';

/** Who may ask, by their tokens. A real server would verify a signed token. */
const askers = new Map([['tok-of-ada', 'Ada']]);

/** What the handler is told of its caller: typed, and set by authenticate(). */
const asker = contextKey<string>('asker');

/** Times the call, whatever comes of it, and tells the client in a trailer. */
const timing: ServerInterceptor = async (call, next) => {
  const start = performance.now();
  try {
    return await next();
  } finally {
    const took = `${(performance.now() - start).toFixed(1)} ms`;
    call.ctx.trailers.set('x-duration', took);
    console.log(`${call.method.name} took ${took}`);
  }
};

export function addOracle(server: Server): void {
  const handlers: Handlers<typeof Oracle.methods> = {
    async *ask(questions, ctx) {
      const name = ctx.values.require(asker);
      for await (const { question } of questions) {
        yield { answer: `${name}, ${question.length % 2 ? 'yes' : 'no'}.` };
      }
    },
  };
  server.add(Oracle, handlers, {
    interceptors: [
      timing, // outermost: refused calls are timed, too
      authenticate((token) => askers.get(token), { as: asker }),
      validate(Oracle, {
        ask({ question }) {
          if (question.endsWith('?')) return [];
          return [{ field: 'question', description: 'must end with a question mark' }];
        },
      }),
    ],
  });
}

// tsx samples/interceptors/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addOracle(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The oracle listens on ${address}`);
}
