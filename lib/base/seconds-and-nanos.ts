/** Milliseconds, 0 or more and finite, as the whole seconds and nanoseconds of a protobuf Duration. */
export function secondsAndNanos(milliseconds: number): { seconds: number; nanos: number } {
  const seconds = Math.floor(milliseconds / 1_000);
  const nanos = Math.round((milliseconds - seconds * 1_000) * 1e6);
  return nanos < 1e9 ? { seconds, nanos } : { seconds: seconds + 1, nanos: 0 };
}
