// Peers in other languages, in processes of their own, for which `npm run test:interop` looks first; and
// gRPC's official cases with all peers, for the whole picture.
import base from './jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['**/__tests__/interop/**/*.test.ts', '**/__tests__/peers/official-cases.test.ts'],
  // Each case of each pair is named, and so is what is left out and why.
  verbose: true,
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
