import { secondsAndNanos } from '../../base/seconds-and-nanos.js';

/**
 * Milliseconds as the object that gRPC's configuration takes, and never as its text: of '0.5s'
 * grpc-js takes the fraction for nanoseconds where it reads a method's timeout.
 */
export const toDuration = secondsAndNanos;
