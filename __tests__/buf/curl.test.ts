import { describe, expect, it } from '@jest/globals';
import { addHealth, addReflection, Server } from 'tributary';
import { addGreeter } from '../../samples/greeter/server.js';
import { addRouteGuide } from '../../samples/route-guide/server.js';
import { whenOver } from '../stories/harness.js';
import { buf } from './buf.js';

/** The address of a server with samples, health checking and reflection. */
async function startSamples(): Promise<string> {
  const server = new Server();
  addGreeter(server);
  addRouteGuide(server);
  addHealth(server);
  addReflection(server);
  whenOver(() => server.close({ grace: 0 }));
  return `http://${(await server.listen('127.0.0.1:0')).address}`;
}

const PLAIN_GRPC = ['--protocol', 'grpc', '--http2-prior-knowledge'];

/** What `buf curl` prints, which fetches the schema by reflection. */
async function curl(args: readonly string[], messages?: readonly object[]): Promise<string> {
  const input = messages?.map((message) => JSON.stringify(message)).join('\n');
  const data = input === undefined ? [] : ['--data', '@-'];
  const { code, stdout, stderr } = await buf(['curl', ...PLAIN_GRPC, ...data, ...args], input);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.toString();
}

/** The messages in what is printed, one after the other. */
function parse(printed: string): unknown[] {
  return JSON.parse(`[${printed.replaceAll(/\}\s*\{/g, '},{')}]`) as unknown[];
}

describe('buf curl', () => {
  it('lists the services and their methods', async () => {
    const server = await startSamples();
    expect((await curl(['--list-services', server])).trim().split('\n').sort()).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'routeguide.RouteGuide',
      'samples.Greeter',
    ]);
    const methods = (await curl(['--list-methods', server])).trim().split('\n');
    expect(methods).toContain('routeguide.RouteGuide/RouteChat');
    expect(methods).toContain('samples.Greeter/BiStream');
  });

  it.each(['grpc-v1', 'grpc-v1alpha'])(
    'runs the four kinds of call through %s',
    async (protocol) => {
      const server = await startSamples();
      const call = async (method: string, ...messages: object[]) =>
        parse(await curl(['--reflect-protocol', protocol, `${server}/${method}`], messages));
      expect(await call('samples.Greeter/Unary', { name: 'jock' })).toEqual([
        { message: 'Hello, jock!' },
      ]);
      expect(await call('samples.Greeter/ServerStream', { name: 'jock' })).toHaveLength(4);
      expect(
        await call('samples.Greeter/ClientStream', { name: 'jock' }, { name: 'jane' }),
      ).toEqual([{ message: 'Hello, jock and jane!' }]);
      const note = { location: { latitude: 1, longitude: -2 }, message: 'here' };
      const second = { ...note, message: 'again' };
      expect(await call('routeguide.RouteGuide/RouteChat', note, second)).toEqual([note]);
    },
  );

  it('checks the health of a service', async () => {
    const server = await startSamples();
    const check = async (message: object) =>
      parse(await curl([`${server}/grpc.health.v1.Health/Check`], [message]));
    expect(await check({ service: 'samples.Greeter' })).toEqual([{ status: 'SERVING' }]);
    expect(await check({})).toEqual([{ status: 'SERVING' }]);
  });
});
