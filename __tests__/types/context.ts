/** Type tests of what a handler is told, and of the ways to write one; see surface.ts. */
import type { PeerCertificate } from 'node:tls';
import {
  type BidiStream,
  type CallContext,
  type ContextValues,
  connect,
  type Handlers,
  type Metadata,
  type ReadWriteStream,
  type Server,
  type ServiceDescriptor,
  Status,
  type Unary,
} from 'tributary';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function isTrue<_T extends true>(): void {}

interface Methods {
  one: Unary<{ id: number }, string>;
  both: BidiStream<string, string>;
}
declare const server: Server;
declare const Typed: ServiceDescriptor<Methods>;
declare const ctx: CallContext;

export function told(): void {
  isTrue<Equal<typeof ctx.method, string>>();
  isTrue<Equal<typeof ctx.peer, string>>();
  isTrue<Equal<typeof ctx.auth.secure, boolean>>();
  isTrue<Equal<typeof ctx.auth.peerCertificate, PeerCertificate | undefined>>();
  isTrue<Equal<typeof ctx.metadata, Metadata>>();
  isTrue<Equal<typeof ctx.trailers, Metadata>>();
  isTrue<Equal<typeof ctx.deadline, Date | undefined>>();
  isTrue<Equal<ReturnType<typeof ctx.timeRemaining>, number>>();
  isTrue<Equal<typeof ctx.signal, AbortSignal>>();
  isTrue<Equal<typeof ctx.draining, AbortSignal>>();
  isTrue<Equal<typeof ctx.cancelled, boolean>>();
  isTrue<Equal<typeof ctx.values, ContextValues>>();
  // @ts-expect-error there may be no certificate
  ctx.auth.peerCertificate.subject;
  // @ts-expect-error there may be no deadline
  ctx.deadline.getTime();
  // @ts-expect-error trailers are added to, not replaced
  ctx.trailers = ctx.metadata;
  // @ts-expect-error a deadline is the client's
  ctx.deadline = new Date();
  // @ts-expect-error values have keys of their own: contextKey()
  ctx.values.get('user');
  // @ts-expect-error a header's value
  ctx.sendHeaders({ a: 5 });
  // @ts-expect-error a code of Status
  ctx.abort('NOT_FOUND');
  // @ts-expect-error a handler does not cancel its call: it throws, or aborts
  ctx.cancel();
}

/** The type of a class's handlers is checked, and their parameters are written out. */
export class Service implements Handlers<Methods> {
  one({ id }: { id: number }, { signal }: CallContext): string {
    if (signal.aborted) return ctx.abort(Status.ABORTED);
    return `${id}`;
  }
  async both(stream: ReadWriteStream<string, string>): Promise<void> {
    for await (const message of stream) await stream.write(message);
  }
}

export function added(): void {
  server.add(Typed, new Service(), { interceptors: [] });
  server.add(Typed, {
    // What aborts need not return.
    one: (_request, { abort }) => abort(Status.NOT_FOUND, 'nothing here'),
    async *both(stream, { draining }) {
      for await (const message of stream) if (!draining.aborted) yield message;
    },
  });
  server.add(Typed, new Service(), { limited: false });
  // @ts-expect-error an unknown option
  server.add(Typed, new Service(), { interceptor: [] });
  // @ts-expect-error no service
  server.add('a.Typed', new Service());
  // @ts-expect-error a handler too many
  server.add(Typed, { one: () => 'a', *both() {}, two: () => 'b' });
  // @ts-expect-error the context is an option, not the first argument
  void connect('a:1').stub(Typed).one(ctx);
}
