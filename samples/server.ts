/**
 * All five services in one process; the tour starts it. Other tools find their way around by
 * reflection:
 *
 *     tsx samples/server.ts [address]
 *     npx buf curl --protocol grpc --http2-prior-knowledge --list-services http://127.0.0.1:50051
 */
import { addHealth, addReflection, Server } from 'tributary';
import { addTextTools } from './by-hand/server.js';
import { addGreeter } from './greeter/server.js';
import { addUpload } from './headers/server.js';
import { addRouteGuide } from './route-guide/server.js';
import { addUsers } from './users/server.js';

const server = new Server();
addGreeter(server);
addRouteGuide(server);
addUsers(server);
addUpload(server);
addTextTools(server);
addHealth(server);
addReflection(server);
const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
console.log(`The samples' server listens on ${address}`);

/** Lets open calls end, but not for long. */
async function stop(): Promise<void> {
  await server.close({ grace: 500 });
  process.exit();
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
process.once('disconnect', () => void stop()); // the tour is gone, whatever became of it
