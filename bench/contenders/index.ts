import type { Contender } from '../contender.js';

/** Where each contender is, by the name that `--contender` takes; loaded by its own processes only. */
export const CONTENDERS = {
  'grpc-js': async () => await import('./grpc-js/index.js'),
  'tributary-grpc': async () => (await import('./tributary/index.js')).tributary('grpc'),
  'tributary-http2': async () => (await import('./tributary/index.js')).tributary('http2'),
  'nice-grpc': async () => await import('./nice-grpc.js'),
  'connect-node': async () => await import('./connect-node.js'),
  /** Hand-framed, batched `node:http2`: what there is to be had. */
  floor: async () => await import('./floor/index.js'),

  /** With the codecs of the others: what Tributary's own cost. */
  'tributary-grpc-pbjs': async () =>
    (await import('./tributary/index.js')).tributary('grpc', 'plain'),
  'tributary-http2-pbjs': async () =>
    (await import('./tributary/index.js')).tributary('http2', 'plain'),

  /** That read with `read()`, and with `read(timeout)`. */
  'tributary-grpc-read': async () =>
    (await import('./tributary/index.js')).tributary('grpc', 'own', 'read()'),
  'tributary-grpc-timed': async () =>
    (await import('./tributary/index.js')).tributary('grpc', 'own', 'read(timeout)'),
  'tributary-http2-read': async () =>
    (await import('./tributary/index.js')).tributary('http2', 'own', 'read()'),
  'tributary-http2-timed': async () =>
    (await import('./tributary/index.js')).tributary('http2', 'own', 'read(timeout)'),
} as const satisfies { readonly [name: string]: () => Promise<Contender> };

export type ContenderName = keyof typeof CONTENDERS;

/** The contender that ratios refer to, and the one that no contender can pass by much. */
export const BASELINE: ContenderName = 'grpc-js';
export const FLOOR: ContenderName = 'floor';
