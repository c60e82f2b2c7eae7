import type { Compression } from '../../call/compression.js';
import type { ReplayBudget } from './replay.js';
import type { RequestDefaults } from './request-headers.js';

/** What holds for a call, sizes in bytes. */
export interface WireRules {
  readonly request: RequestDefaults;
  readonly waitForReady: boolean;
  readonly encoding: Compression;
  /** What servers have said that they cannot read. */
  readonly unread: Set<Compression>;
  readonly maxSendMessageSize: number;
  readonly maxReceiveMessageSize: number;
  /** Milliseconds that its method may take. */
  readonly timeout: number | undefined;
  /** What is kept of it, and of the client's other calls, for another try. */
  readonly replays: ReplayBudget;
}
