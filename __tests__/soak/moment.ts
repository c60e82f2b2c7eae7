import type { Sample } from './sample.js';

/** Both processes at the same time. */
export interface Moment {
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly client: Sample;
  readonly server: Sample;
}
