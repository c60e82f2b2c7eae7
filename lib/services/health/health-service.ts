import { embeddedProto } from '../../schema/embedded-proto.js';
import { serverStream, unary } from '../../schema/method-definitions.js';
import type { ServerStream, Unary } from '../../schema/method-descriptor.js';
import type { ServiceDescriptor } from '../../schema/service-descriptor.js';

/** How a service is, by the numbers it has in messages. */
export const ServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  /** Only `watch` says this, of a service that the server does not know. */
  SERVICE_UNKNOWN: 3,
} as const;

/** What `check` and `watch` are asked: a service by its full name, or `''` for the whole server. */
export interface HealthCheckRequest {
  service?: string | undefined;
}

/** One of the numbers of `ServingStatus`. */
export interface HealthCheckResponse {
  status: number;
}

interface HealthList {
  statuses: { [service: string]: HealthCheckResponse };
}

/** The methods of `grpc.health.v1.Health`. */
export interface HealthMethods {
  readonly check: Unary<HealthCheckRequest, HealthCheckResponse>;
  readonly list: Unary<object, HealthList>;
  readonly watch: ServerStream<HealthCheckRequest, HealthCheckResponse>;
}

const file = embeddedProto({
  name: 'grpc/health/v1/health.proto',
  source: () => `
  syntax = "proto3";
  package grpc.health.v1;

  service Health {
    rpc Check(HealthCheckRequest) returns (HealthCheckResponse);
    rpc List(HealthListRequest) returns (HealthListResponse);
    rpc Watch(HealthCheckRequest) returns (stream HealthCheckResponse);
  }
  message HealthCheckRequest {
    string service = 1;
  }
  message HealthCheckResponse {
    enum ServingStatus {
      UNKNOWN = 0;
      SERVING = 1;
      NOT_SERVING = 2;
      SERVICE_UNKNOWN = 3;
    }
    ServingStatus status = 1;
  }
  message HealthListRequest {}
  message HealthListResponse {
    map<string, HealthCheckResponse> statuses = 1;
  }`,
});

const asked = file.message<HealthCheckRequest>('grpc.health.v1.HealthCheckRequest');
const answered = file.message<HealthCheckResponse>('grpc.health.v1.HealthCheckResponse');

/**
 * The standard service `grpc.health.v1.Health`, to ask any gRPC server how it is:
 * `await client.stub(HealthService).check({ service: 'samples.Greeter' })`.
 */
export const HealthService: ServiceDescriptor<HealthMethods> = file.service(
  'grpc.health.v1.Health',
  {
    check: unary(asked, answered),
    list: unary(
      file.message<object>('grpc.health.v1.HealthListRequest'),
      file.message<HealthList>('grpc.health.v1.HealthListResponse'),
    ),
    watch: serverStream(asked, answered),
  },
);
