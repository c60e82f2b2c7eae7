import { fileURLToPath } from 'node:url';
import type { BidiStream, ClientStream, ServerStream, Unary } from 'tributary';

export const TEST_SERVICE_PROTO = fileURLToPath(new URL('test-service.proto', import.meta.url));

export type Empty = Record<never, never>;

interface BoolValue {
  readonly value?: boolean;
}

export interface Payload {
  readonly type?: number;
  readonly body?: Uint8Array;
}

export interface EchoStatus {
  readonly code?: number;
  readonly message?: string;
}

export interface SimpleRequest {
  readonly responseType?: number;
  readonly responseSize?: number;
  readonly payload?: Payload | undefined;
  readonly responseCompressed?: BoolValue | undefined;
  readonly responseStatus?: EchoStatus | undefined;
  readonly expectCompressed?: BoolValue | undefined;
}

export interface StreamingInputCallRequest {
  readonly payload?: Payload | undefined;
  readonly expectCompressed?: BoolValue | undefined;
}

export interface ResponseParameters {
  readonly size?: number;
  readonly intervalUs?: number;
  readonly compressed?: BoolValue | undefined;
}

export interface StreamingOutputCallRequest {
  readonly responseType?: number;
  readonly responseParameters?: readonly ResponseParameters[];
  readonly payload?: Payload | undefined;
  readonly responseStatus?: EchoStatus | undefined;
}

/** The reply of both, and each reply of the streams. */
export interface PayloadResponse {
  readonly payload?: Payload | undefined;
}

export interface StreamingInputCallResponse {
  readonly aggregatedPayloadSize?: number;
}

/** What servers have handlers for. */
export type ServedMethods = {
  emptyCall: Unary<Empty, Empty>;
  unaryCall: Unary<SimpleRequest, PayloadResponse>;
  streamingOutputCall: ServerStream<StreamingOutputCallRequest, PayloadResponse>;
  streamingInputCall: ClientStream<StreamingInputCallRequest, StreamingInputCallResponse>;
  fullDuplexCall: BidiStream<StreamingOutputCallRequest, PayloadResponse>;
};

/** What clients know of. */
export type TestMethods = ServedMethods & { unimplementedCall: Unary<Empty, Empty> };

/** The method of the service that no server has. */
export type UnimplementedMethods = { unimplementedCall: Unary<Empty, Empty> };

export const ECHO_INITIAL = 'x-grpc-test-echo-initial';
export const ECHO_TRAILING = 'x-grpc-test-echo-trailing-bin';
