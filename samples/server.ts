/**
 * All the services in one process; the tour starts it. Other tools find their way around by
 * reflection:
 *
 *     tsx samples/server.ts [address] [--transport grpc|http2]
 *     npx buf curl --protocol grpc --http2-prior-knowledge --list-services http://127.0.0.1:50051
 */
import { parseArgs } from 'node:util';
import { addHealth, addReflection, Server } from 'tributary';
import { addTextTools } from './by-hand/server.js';
import { addCatalog } from './catalog/server.js';
import { addGreeter } from './greeter/server.js';
import { addUpload } from './headers/server.js';
import { addOracle } from './interceptors/server.js';
import { addQuestions } from './questions/server.js';
import { addRouteGuide } from './route-guide/server.js';
import { transportNamed } from './transport.js';
import { addUsers } from './users/server.js';

const { values, positionals } = parseArgs({
  options: { transport: { type: 'string', default: 'grpc' } },
  allowPositionals: true,
});
// SIGINT and SIGTERM let open calls end, but not for long.
const server = new Server({
  transport: transportNamed(values.transport),
  closeOnSignals: { grace: 500 },
});
addGreeter(server);
addRouteGuide(server);
addUsers(server);
addUpload(server);
addTextTools(server);
addOracle(server);
addQuestions(server);
addCatalog(server);
addHealth(server);
addReflection(server);
const { address } = await server.listen(positionals[0] ?? '127.0.0.1:50051');
console.log(`The samples' server listens on ${address}`);
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')); // the tour is gone, whatever became of it
