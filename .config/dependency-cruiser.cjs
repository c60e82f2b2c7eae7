/**
 * The layers of lib/ as a table: a room may import itself and the rooms named beside it, nothing
 * else. Type-only imports count. Files directly in lib/ are entry points: they join the rooms, and
 * no room imports them.
 */
const ROOMS = {
  base: [],
  metadata: ['base'],
  status: ['metadata', 'base'],
  context: ['status', 'metadata', 'base'],
  streams: ['status', 'base'],
  adapters: ['streams', 'status', 'base'],
  schema: ['status', 'base'],
  call: ['streams', 'context', 'schema', 'status', 'base'],
  'transport/tls': ['call', 'context', 'status', 'base'],
  'transport/listening': ['transport/tls', 'call', 'context', 'status', 'base'],
  'transport/grpc': [
    'adapters',
    'transport/listening',
    'transport/tls',
    'call',
    'streams',
    'context',
    'status',
    'base',
  ],
  'transport/http2': [
    'transport/listening',
    'transport/tls',
    'call',
    'streams',
    'context',
    'status',
    'base',
  ],
  'transport/memory': ['call', 'streams', 'context', 'status', 'base'],
  diagnose: ['streams', 'schema', 'status', 'base'],
  client: ['call', 'diagnose', 'streams', 'context', 'schema', 'status', 'base'],
  server: ['call', 'diagnose', 'streams', 'context', 'schema', 'status', 'base'],
  'error-details': ['schema', 'status', 'metadata', 'base'],
  interceptors: ['call', 'error-details', 'context', 'schema', 'status', 'base'],
  codegen: ['schema', 'status', 'base'],
  'code-first': ['schema', 'status', 'base'],
  'model-services': ['code-first', 'context', 'streams', 'schema', 'status', 'base'],
  services: ['server', 'call', 'error-details', 'context', 'streams', 'schema', 'status', 'base'],
  cli: [
    'client',
    'codegen',
    'code-first',
    'error-details',
    'transport/grpc',
    'transport/http2',
    'call',
    'context',
    'streams',
    'schema',
    'status',
    'base',
  ],
};

/** Each outside package has its home: the only rooms that may import it. */
const HOMES = {
  'node_modules/@grpc/grpc-js/': ['transport/grpc', 'metadata'],
  'node_modules/protobufjs/': ['schema', 'codegen', 'code-first'],
  'node_modules/p-queue/': ['streams', 'server'],
  '(node:)?http2$': ['transport/http2'],
};

const roomPath = (room) => `^lib/${room}/`;
const anyOf = (rooms) => `^lib/(${rooms.join('|')})/`;

const layers = Object.entries(ROOMS).map(([room, below]) => ({
  name: `layer-${room.replace('/', '-')}`,
  comment: `lib/${room} may import ${below.length ? `only ${below.join(', ')}` : 'no other room'}`,
  severity: 'error',
  from: { path: roomPath(room) },
  to: { path: '^lib/', pathNot: anyOf([room, ...below]) },
}));

const homes = Object.entries(HOMES).map(([target, rooms]) => ({
  name: `home-of-${target.replace(/node_modules\/|\(node:\)\?|[$]|\/$/g, '').replace('/', '-')}`,
  comment: `only ${rooms.join(', ')} may import it`,
  severity: 'error',
  from: { path: '^lib/', pathNot: anyOf(rooms) },
  to: { path: `^${target}` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unknown-room',
      comment: 'a new room needs a line in the table of layers',
      severity: 'error',
      from: { path: '^lib/.+/', pathNot: anyOf(Object.keys(ROOMS)) },
      to: {},
    },
    ...layers,
    ...homes,
    {
      name: 'lib-imports-only-lib',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(samples|__tests__|bench|dist|\\.config)/' },
    },
    {
      name: 'lib-needs-real-dependencies',
      comment: 'what lib imports must be installed with it',
      severity: 'error',
      from: { path: '^lib/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
    },
  },
};
