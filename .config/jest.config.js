// Tests run from the TypeScript sources as native ES modules; types are `npm run check:types`' job.

/** @type {import('jest').Config} */
export default {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['**/__tests__/**/*.test.ts'],
  // slow/ has a configuration of its own; interop/ needs peers written in other languages.
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/__tests__/slow/', '/__tests__/interop/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // For slow, busy machines; what a test waits for has a shorter limit of its own.
  testTimeout: 40_000,
  // A process of its own that is made anew when it has grown: each file loads all of lib again.
  maxWorkers: 1,
  workerIdleMemoryLimit: '600MB',

  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/.config/jest-resolver.cjs',
  moduleNameMapper: {
    '^tributary$': '<rootDir>/lib/index.ts',
    '^tributary/codegen$': '<rootDir>/lib/codegen/index.ts',
  },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
      },
    ],
  },

  // So that one run of the tests does for both.
  collectCoverage: process.env.COVERAGE === '1',
  coverageDirectory: 'coverage',
  // 'v8' counts files that hold only types as wholly uncovered.
  coverageProvider: 'babel',
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageReporters: ['text', 'lcov'],
  coverageThreshold: { global: { lines: 90 } },
};
