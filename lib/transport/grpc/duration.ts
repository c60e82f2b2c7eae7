/**
 * Milliseconds as the object that gRPC's configuration takes, and never as its text: of '0.5s'
 * grpc-js takes the fraction for nanoseconds where it reads a method's timeout.
 */
export function toDuration(milliseconds: number): { seconds: number; nanos: number } {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1e6) };
}
