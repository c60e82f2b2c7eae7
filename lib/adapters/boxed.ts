/**
 * A message that is an object and no bytes, as the queues of the streams take it: they count bytes,
 * and this has none.
 */
export class Boxed<T> {
  readonly byteLength = 0;

  constructor(readonly message: T) {}
}
