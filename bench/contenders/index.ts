import type { Contender } from '../contender.js';

/** Where each contender is, by the name that `--contenders` takes; loaded by its own processes only. */
export const CONTENDERS: { readonly [name: string]: () => Promise<Contender> } = {
  'grpc-js': async () => await import('./grpc-js.js'),
  tributary: async () => (await import('./tributary.js')).withOwnCodecs,
  'tributary-pbjs': async () => (await import('./tributary.js')).withPlainCodecs,
};

/** The contender that the ratios refer to. */
export const BASELINE = 'grpc-js';
