import { describeValue } from '../base/describe-value.js';
import { isKeyed } from '../base/is-keyed.js';
import type { CallCredentials } from '../call/call-credentials.js';
import { type CallOptions, checkCallOptions, isCallOption } from '../call/call-options.js';
import type { CallOpener, ClientTransport } from '../call/client-transport.js';
import type { ClientInterceptor } from '../call/interceptor.js';
import type { Watchdog } from '../diagnose/watchdog.js';
import { encoderOf } from '../schema/encoder-of.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';
import type { MethodKind } from '../schema/method-kind.js';
import { isSource, type Source } from '../streams/source.js';
import { SourceError, writeAll } from '../streams/write-all.js';
import { attachCredentials } from './attach-credentials.js';
import { CallCore } from './call-core.js';
import type { CallWatcher } from './call-watcher.js';
import { InterceptedCall } from './intercepted-call.js';
import {
  ClientReadStream,
  ClientReadWriteStream,
  ClientWriteStream,
  FedReadStream,
  FedReplyStream,
} from './streams.js';
import { openWatched } from './watched-call.js';

/** What the calls of one client have in common. */
export interface Channel {
  readonly transport: ClientTransport;
  readonly watcher: CallWatcher;
  readonly target: string;
  readonly interceptors: readonly ClientInterceptor[];
  readonly credentials: CallCredentials | undefined;
  /** Looks at its calls, if it is to be diagnosed. */
  readonly watchdog: Watchdog | undefined;
}

/** What a stub's method needs to start a call. */
export interface CallSite {
  readonly channel: Channel;
  readonly method: MethodDescriptor;
  /** Those of the client and of the stub. */
  readonly interceptors: readonly ClientInterceptor[];
}

/** The function that a stub has for a method of each kind. */
export const STARTERS: Record<
  MethodKind,
  (site: CallSite, first: unknown, second: unknown) => unknown
> = {
  async unary(site, request, options) {
    return await startWithRequest(site, request, options).response();
  },
  serverStream(site, request, options) {
    return new ClientReadStream(startWithRequest(site, request, options));
  },
  clientStream(site, first, second) {
    const { core, fed } = startWithSource(site, first, second);
    return fed ? new FedReplyStream(core) : new ClientWriteStream(core);
  },
  bidiStream(site, first, second) {
    const { core, fed } = startWithSource(site, first, second);
    return fed ? new FedReadStream(core) : new ClientReadWriteStream(core);
  },
};

type Core = CallCore<unknown, unknown>;

function startWithRequest(site: CallSite, request: unknown, options: unknown): Core {
  const { method } = site;
  const checked = checkCallOptions(`${method.name}()`, options);
  const message = encoderOf(method.request)(request);
  const core = start(site, checked);
  // What becomes of it, the call's status tells.
  void core.outbox.writeEncoded(message);
  void core.outbox.close();
  return core;
}

function startWithSource(
  site: CallSite,
  first: unknown,
  second: unknown,
): { core: Core; fed: boolean } {
  const { name } = site.method;
  if (isSource(first)) {
    const core = start(site, checkCallOptions(`${name}()`, second));
    feed(core, first);
    return { core, fed: true };
  }
  if (second !== undefined) {
    throw new TypeError(
      `${name} takes a source of requests before its options; got ${describeValue(first)}`,
    );
  }
  return { core: start(site, checkFirst(name, first)), fed: false };
}

function checkFirst(name: string, first: unknown): CallOptions {
  if (first !== undefined && !looksLikeOptions(first)) {
    throw new TypeError(
      `${name} takes a source or options; got ${describeValue(first)}. ` +
        'Did you mean stream.write(...)?',
    );
  }
  return checkCallOptions(`${name}()`, first);
}

/** Whether it has an option among its keys, or none at all; otherwise it was meant as a message. */
function looksLikeOptions(value: unknown): boolean {
  if (!isKeyed(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 0 || keys.some(isCallOption);
}

function start(site: CallSite, options: CallOptions): Core {
  const { watcher, watchdog } = site.channel;
  const opener = openerFor(site, options);
  return watchdog === undefined
    ? new CallCore(opener, site.method, options, watcher)
    : openWatched(watchdog, opener, site.method, options, watcher);
}

/** The transport, behind whatever stands around the call. */
function openerFor(site: CallSite, options: CallOptions): CallOpener {
  const { transport, target } = site.channel;
  const credentials = options.credentials ?? site.channel.credentials;
  let { interceptors } = site;
  if (options.interceptors !== undefined) interceptors = [...interceptors, ...options.interceptors];
  if (credentials !== undefined) {
    checkSecure(transport);
    interceptors = [...interceptors, attachCredentials(credentials, target)];
  }
  if (interceptors.length === 0) return transport;
  const intercepted = { opener: transport, method: site.method, target, options, interceptors };
  return {
    open: (outgoing, listener) => new InterceptedCall(intercepted, outgoing, listener),
  };
}

/** @throws {TypeError} when credentials would travel in clear text */
export function checkSecure(transport: ClientTransport): void {
  if (transport.secure) return;
  throw new TypeError(
    'credentials must not travel in clear text: connect with the option tls, or send the headers ' +
      'with an interceptor such as bearerAuth() if the network is trusted',
  );
}

/** Sends what the source gives; its failure, or a message that does not fit, cancels the call. */
function feed(core: Core, source: Source<unknown>): void {
  writeAll(core.outbox, source).then(
    () => void core.outbox.close(),
    (error: unknown) => {
      if (core.ended) return;
      const cause = error instanceof Error ? error.cause : error;
      if (error instanceof SourceError) core.cancel('the source of requests failed', cause);
      else core.cancel('a request was refused and not sent', cause);
    },
  );
}
