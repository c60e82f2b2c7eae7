/** The largest message that is taken unless a limit is given, in bytes. */
export const DEFAULT_MESSAGE_SIZE = 4 * 1024 * 1024;
