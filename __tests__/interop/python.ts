import { spawnSync } from 'node:child_process';

/** The interpreter: Debian's, whose packages `apt-get` installs; `PYTHON` names another. */
export const PYTHON = process.env.PYTHON ?? '/usr/bin/python3';

/** What is missing to run a Python peer, and how to get it; undefined if all is there. */
export function missingForPython(): string | undefined {
  const { error, status } = spawnSync(PYTHON, ['-c', 'import grpc']);
  const install = 'sudo apt-get install -y python3-grpcio';
  if (error !== undefined) {
    return `there is no ${PYTHON}: install it (${install}) or name another in PYTHON`;
  }
  if (status === 0) return undefined;
  return `${PYTHON} has no module grpc: install it (${install}, or pip install grpcio)`;
}
