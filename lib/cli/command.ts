/** One of the commands of `tributary`. */
export interface Command {
  /** A line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints, without a line break at its end. */
  readonly usage: string;
  /**
   * Runs it.
   *
   * @param args - what follows its name
   * @param io - where it writes, and what ends it
   * @returns the exit code of the process
   */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** What a command has of its process. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** Aborts when the process is to end: for commands that would go on for ever. */
  readonly signal: AbortSignal;
}
