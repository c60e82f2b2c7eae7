import { describe, expect, it } from '@jest/globals';
import { type Client, connect, grpc, http2, Status } from 'tributary';
import {
  type Message,
  rejection,
  rig,
  Stories,
  soon,
  startProxy,
  turns,
  whenOver,
} from '../stories/harness.js';
import { Authority } from '../support/certificates.js';
import { identityFiles } from '../support/identity-files.js';
import { collectWarnings } from '../support/warnings.js';

const refreshInterval = 5;
const authority = new Authority();
const { cert: ca } = authority;
const echo = { unary: (request: Message): Message => request };
const whoAmI = {
  unary: (_request: Message, { auth }: { auth: { peerCertificate?: unknown } }): Message => ({
    n: 0,
    text: (auth.peerCertificate as { subject: { CN: string } }).subject.CN,
  }),
};

function clientOf(address: string, tls: Parameters<typeof connect>[1]): Client {
  const client = connect(address, tls);
  whenOver(() => client.close());
  return client;
}

/** Tries until it is as it should be. */
async function until(what: string, attempt: () => Promise<boolean>): Promise<void> {
  let over = false;
  const trying = (async () => {
    while (!over && !(await attempt())) await turns(1);
  })();
  try {
    await soon(trying, what);
  } finally {
    over = true;
  }
}

/** The name in the certificate that a new connection is shown. */
async function nameServed(address: string): Promise<string> {
  let served = '';
  const client = connect(address, {
    tls: {
      ca,
      checkServerIdentity: (_name, { subject }) => {
        served = String(subject.CN);
        return undefined;
      },
    },
  });
  await client.stub(Stories).unary({ n: 0 });
  await client.close();
  return served;
}

describe("a server's certificate that is replaced", () => {
  it('serves new connections; those that are open go on', async () => {
    const { write, caFile: _ca, ...files } = identityFiles(authority.issue({ name: 'old' }));
    const { address } = await rig('grpc', echo, { tls: { ...files, refreshInterval } });
    const open = clientOf(address, { tls: { ca } });
    const stream = open.stub(Stories);
    expect(await stream.unary({ n: 1 })).toEqual({ n: 1 });
    expect(await nameServed(address)).toBe('old');
    write(authority.issue({ name: 'new' }));
    await until('the new certificate', async () => (await nameServed(address)) === 'new');
    expect(await stream.unary({ n: 2 })).toEqual({ n: 2 });
  });

  it('with a broken one the former goes on, and that is said once', async () => {
    const warnings = collectWarnings();
    const { write, caFile: _ca, ...files } = identityFiles(authority.issue({ name: 'old' }));
    const { address } = await rig('grpc', echo, { tls: { ...files, refreshInterval } });
    write({ cert: 'junk' });
    await until('the warning', async () => warnings.length > 0);
    expect(await nameServed(address)).toBe('old');
    write(authority.issue({ name: 'new' }));
    await until('the new certificate', async () => (await nameServed(address)) === 'new');
    expect(warnings).toEqual([expect.stringMatching(/^tls\.certFile .* found none/)]);
  });

  it('on every address it listens on, and none after it has closed', async () => {
    const { write, caFile: _ca, ...files } = identityFiles(authority.issue({ name: 'old' }));
    const { address, server } = await rig('grpc', echo, { tls: { ...files, refreshInterval } });
    const second = await server.listen('127.0.0.1:0');
    write(authority.issue({ name: 'new' }));
    for (const each of [address, second.address]) {
      await until('the new certificate', async () => (await nameServed(each)) === 'new');
    }
    const later = await server.listen('127.0.0.1:0');
    expect(await nameServed(later.address)).toBe('new');
  });

  it('an authority of clients that is no longer trusted lets nobody new in', async () => {
    const former = new Authority('Former');
    const files = identityFiles({ ...authority.issue(), ca: former.cert });
    const { write, ...paths } = files;
    const { address } = await rig('grpc', whoAmI as never, { tls: { ...paths, refreshInterval } });
    const tls = { ca, ...former.issue({ name: 'jock' }) };
    const call = async (as: object): Promise<unknown> => {
      const client = connect(address, { tls: as });
      const reply = client.stub(Stories).unary({ n: 0 });
      return reply
        .then(
          ({ text }) => text,
          ({ code }) => code,
        )
        .finally(() => client.close());
    };
    expect(await call(tls)).toBe('jock');
    write({ ca });
    await until('the refusal', async () => (await call(tls)) === Status.UNAVAILABLE);
    expect(await call({ ca, ...authority.issue({ name: 'jane' }) })).toBe('jane');
  });
});

describe.each([
  ['grpc', grpc],
  ['http2', http2],
] as const)("%s: a client's certificate that is replaced", (_name, transportOf) => {
  it('is shown on its next connection', async () => {
    const files = identityFiles({ ...authority.issue({ name: 'old' }), ca });
    const { write, ...paths } = files;
    const tls = { ...authority.issue(), ca };
    const { address } = await rig('grpc', whoAmI as never, { tls });
    const proxy = await startProxy(Number(address.split(':')[1]));
    whenOver(proxy.close);
    const stub = clientOf(proxy.address, {
      transport: transportOf(),
      tls: { ...paths, refreshInterval },
    }).stub(Stories);
    const name = (): Promise<unknown> =>
      stub.unary({ n: 0 }, { waitForReady: true }).then(
        ({ text }) => text,
        ({ code }) => code,
      );
    expect(await name()).toBe('old');
    write(authority.issue({ name: 'new' }));
    // The connection that is open goes on as it was, however long it lasts.
    for (let i = 0; i < 5; i += 1) expect(await name()).toBe('old');
    await until('the new certificate', async () => {
      proxy.cut();
      return (await name()) === 'new';
    });
  });

  it('trusts a new authority without a restart', async () => {
    const { write, caFile } = identityFiles({ ca: new Authority('Wrong').cert });
    const { address } = await rig('grpc', echo, { tls: authority.issue() });
    const tls = { caFile, refreshInterval };
    const stub = clientOf(address, { transport: transportOf(), tls }).stub(Stories);
    expect(await rejection(stub.unary({ n: 1 }))).toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringContaining('TLS with 127.0.0.1 failed'),
    });
    write({ ca });
    expect(await stub.unary({ n: 1 }, { waitForReady: true })).toEqual({ n: 1 });
  });
});
