import type { MethodDescriptor } from '../schema/method-descriptor.js';

/** The method, telling of each message that is written to one of its calls, or read from it. */
export function countMessages<Method extends MethodDescriptor>(
  method: Method,
  moved: () => void,
): Method {
  const { request, response } = method;
  const counted = (codec: typeof request): typeof request => ({
    encode: (message) => {
      moved();
      return codec.encode(message);
    },
    decode: (bytes) => {
      moved();
      return codec.decode(bytes);
    },
  });
  return { ...method, request: counted(request), response: counted(response) };
}
