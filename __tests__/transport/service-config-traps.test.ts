import { credentials, Client as GrpcClient, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { Status } from 'tributary';
import { rig, soon, whenOver } from '../stories/harness.js';

/** What a unary call of grpc-js's own client ends with. */
function callWith(address: string, serviceConfig: object): Promise<ServiceError | null> {
  const client = new GrpcClient(address, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify(serviceConfig),
  });
  whenOver(() => client.close());
  const same = (bytes: Buffer): Buffer => bytes;
  const request = Buffer.from('{"n":1}');
  const ended = new Promise<ServiceError | null>((resolve) => {
    client.makeUnaryRequest('/test.Stories/Unary', same, same, request, resolve);
  });
  return soon(ended, 'the end of the call');
}

/** When one of these fails grpc-js does better, and what makes up for it here can go. */
describe('the traps in the service config of grpc-js', () => {
  it('the fraction of a timeout in text is taken for nanoseconds: see duration.ts', async () => {
    const { address } = await rig(
      'grpc',
      { unary: () => new Promise(() => {}) },
      { byForce: true },
    );
    const start = performance.now();
    const error = await callWith(address, { methodConfig: [{ name: [{}], timeout: '0.900s' }] });
    expect(error).toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(performance.now() - start).toBeLessThan(800);
  });

  it('waitForReady is ignored: see method-rules.ts', async () => {
    const config = { methodConfig: [{ name: [{}], waitForReady: true }] };
    expect(await callWith('127.0.0.1:1', config)).toMatchObject({ code: Status.UNAVAILABLE });
  });

  it('maxRequestBytes and maxResponseBytes are ignored: see method-rules.ts', async () => {
    const { address } = await rig('grpc', { unary: (request) => request });
    const sizes = { maxRequestBytes: 1, maxResponseBytes: 1 };
    expect(await callWith(address, { methodConfig: [{ name: [{}], ...sizes }] })).toBeNull();
  });

  it('load balancing that there is not passes in silence: see service-config.ts', async () => {
    const { address } = await rig('grpc', { unary: (request) => request });
    const config = { loadBalancingConfig: [{ no_such_policy: {} }] };
    expect(await callWith(address, config)).toBeNull();
  });
});
