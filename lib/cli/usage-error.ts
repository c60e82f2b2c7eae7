/** A command line that does not do: its text says why. Ends the process with code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
