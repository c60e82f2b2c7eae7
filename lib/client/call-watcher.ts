/** Told when a call begins and ends. */
export interface CallWatcher {
  /** Why no call may begin any more, if so. */
  readonly refusal: string | undefined;
  began(call: { cancel(reason: string): void }): unknown;
  ended(call: { cancel(reason: string): void }): void;
}
