import {
  type BidiStream,
  type ClientStream,
  loadService,
  type ServerStream,
  type Unary,
} from 'tributary';

export interface HelloRequest {
  name: string;
}

export interface HelloReply {
  message: string;
}

/** The four kinds of call, by the names that they have on stubs and in handlers. */
export interface GreeterMethods {
  unary: Unary<HelloRequest, HelloReply>;
  serverStream: ServerStream<HelloRequest, HelloReply>;
  clientStream: ClientStream<HelloRequest, HelloReply>;
  biStream: BidiStream<HelloRequest, HelloReply>;
}

/** Loaded once, while the program starts; server and client share it. */
export const Greeter = await loadService<GreeterMethods>(
  new URL('../../proto/greeter.proto', import.meta.url),
  'samples.Greeter',
);
