// npm run test:interop: calls to and from peers that are not written for Node.js. Where they are not
// installed it says what is missing, and ends well all the same.
import { spawnSync } from 'node:child_process';
import { missingForPython } from './python.js';

const missing = missingForPython();
if (missing === undefined) {
  const jest = ['node_modules/jest/bin/jest.js', '--config', '.config/jest.interop.config.js'];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const args = [...flags, ...jest, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} else {
  console.log(`The interop tests were not run: ${missing}.`);
}
