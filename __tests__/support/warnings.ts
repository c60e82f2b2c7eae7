import { afterEach, jest } from '@jest/globals';

/** The warnings that the process is given from now on; they are kept from standard error. */
export function collectWarnings(): string[] {
  const warnings: string[] = [];
  jest.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push(String(warning));
  });
  return warnings;
}

afterEach(() => {
  jest.restoreAllMocks();
});
