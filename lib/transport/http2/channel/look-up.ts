import { lookup, Resolver } from 'node:dns/promises';
import type { Address } from './address.js';
import type { HostName } from './destination.js';

/** All addresses of a name. Rejects with an Error that says why there are none. */
export async function lookUp({ host, port, dnsServer }: HostName): Promise<readonly Address[]> {
  const hosts =
    dnsServer === undefined ? await systemHosts(host) : await askServer(host, dnsServer);
  return hosts.map((each) => ({ host: each, port }));
}

async function systemHosts(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

async function askServer(host: string, server: string): Promise<string[]> {
  const resolver = new Resolver();
  resolver.setServers([server]);
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const hosts = answers.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (hosts.length > 0) return hosts;
  throw (answers[0] as PromiseRejectedResult).reason;
}
