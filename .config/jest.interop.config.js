// Peers in other languages, in processes of their own; `npm run test:interop` looks for them first.
import base from './jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['**/__tests__/interop/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
