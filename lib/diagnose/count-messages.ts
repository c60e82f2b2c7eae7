import { encoderOf, setEncoder } from '../schema/encoder-of.js';
import type { MethodDescriptor } from '../schema/method-descriptor.js';

/** The method, telling of each message that is written to one of its calls, or read from it. */
export function countMessages<Method extends MethodDescriptor>(
  method: Method,
  moved: () => void,
): Method {
  const { request, response } = method;
  const counted = (codec: typeof request): typeof request => {
    const encoder = encoderOf(codec);
    const encode = (message: unknown) => {
      moved();
      return encoder(message);
    };
    const counting: typeof request = {
      encode: (message) => encode(message).bytes,
      decode: (bytes) => {
        moved();
        return codec.decode(bytes);
      },
    };
    setEncoder(counting, encode);
    return counting;
  };
  return { ...method, request: counted(request), response: counted(response) };
}
