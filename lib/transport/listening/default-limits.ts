/** The limits of a server's connections in force where none is given. */
export const DEFAULT_LIMITS = {
  maxConnections: 10_000,
  maxMetadataSize: 16 * 1024,
  handshakeTimeout: 10_000,
} as const;
