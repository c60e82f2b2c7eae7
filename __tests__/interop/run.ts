// npm run test:interop: calls to and from peers that are not written for Node.js. Where one is not
// installed it says what is missing, and ends well all the same.
import { spawnSync } from 'node:child_process';
import { buildGo, missingForGo } from './grpc-go.js';
import { missingForPython } from './python.js';

if (missingForGo() !== undefined) console.log("Looking for grpc-go's programs, or building them…");
const missing = [missingForPython(), buildGo()].filter((each) => each !== undefined);

const jest = ['node_modules/jest/bin/jest.js', '--config', '.config/jest.interop.config.js'];
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const args = [...flags, ...jest, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
for (const each of missing) console.log(`Some interop tests were not run: ${each}.`);
