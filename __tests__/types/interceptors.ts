/** Type tests of interceptors; see surface.ts. */
import {
  authenticate,
  bearerAuth,
  type CallContext,
  type CallOptions,
  type Client,
  type ClientInterceptor,
  contextKey,
  type DynamicMessage,
  type Interceptor,
  logging,
  type Metadata,
  type Server,
  type ServerInterceptor,
  type ServerStream,
  type ServiceDescriptor,
  type Unary,
  validate,
} from 'tributary';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function isTrue<_T extends true>(): void {}

interface Req {
  id: number;
}
interface Methods {
  one: Unary<Req, string>;
  down: ServerStream<Req, string>;
}
declare const client: Client;
declare const server: Server;
declare const Typed: ServiceDescriptor<Methods>;
declare const Dynamic: ServiceDescriptor;
declare const ctx: CallContext;

export const both: Interceptor = async (call, next) => {
  isTrue<Equal<typeof call.metadata, Metadata>>();
  if (call.side === 'server') isTrue<Equal<typeof call.ctx, CallContext>>();
  else {
    call.options.timeout = 5;
    // @ts-expect-error a client has no context
    call.ctx.trailers;
  }
  // @ts-expect-error only a client's options can be changed
  call.options.timeout = 5;
  // @ts-expect-error messages have no type here: they must be looked at first
  call.mapRequests((request) => request.id);
  const { trailers } = await next();
  isTrue<Equal<typeof trailers, Metadata>>();
};

export function sides(ofClient: ClientInterceptor, ofServer: ServerInterceptor): void {
  client.stub(Typed, { interceptors: [both, ofClient, logging(), bearerAuth('x')] });
  const options: CallOptions = { interceptors: [both, ofClient] };
  void client.stub(Typed).one({ id: 1 }, options);
  server.add(
    Typed,
    { one: () => 'a', *down() {} },
    { interceptors: [both, ofServer, authenticate(() => 1)] },
  );
  // @ts-expect-error a server's cannot stand around a client's calls
  client.stub(Typed, { interceptors: [ofServer] });
  // @ts-expect-error nor the other way round
  server.add(Typed, { one: () => 'a', *down() {} }, { interceptors: [ofClient] });
}

export function values(): void {
  const limit = contextKey<number>('limit');
  isTrue<Equal<ReturnType<typeof ctx.values.get<number>>, number | undefined>>();
  const required = ctx.values.require(limit);
  isTrue<Equal<typeof required, number>>();
  // @ts-expect-error a value of another type
  ctx.values.set(limit, 'many');
  authenticate(async () => 7, { as: limit });
  // @ts-expect-error the identity does not fit the key
  authenticate(async () => 'Ada', { as: limit });
}

export function rules(): void {
  validate(Typed, {
    one(request) {
      isTrue<Equal<typeof request, Req>>();
      return [{ field: 'id', description: 'is odd', reason: 'ODD' }];
    },
    down: () => {},
  });
  // @ts-expect-error no such method
  validate(Typed, { two: () => [] });
  // @ts-expect-error a violation without its field
  validate(Typed, { one: () => [{ description: 'is odd' }] });
  // @ts-expect-error a rule gives its answer at once
  validate(Typed, { one: async () => [] });
  validate(Dynamic, {
    any(request) {
      isTrue<Equal<typeof request, DynamicMessage>>();
    },
  });
}
