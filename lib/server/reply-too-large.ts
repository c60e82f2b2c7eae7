import { RpcError } from '../status/rpc-error.js';
import { Status } from '../status/status.js';

/** Why a reply is refused that `maxSendMessageSize` does not allow; sizes in bytes. */
export class ReplyTooLarge extends RpcError {
  constructor(size: number, limit: number) {
    super(
      Status.RESOURCE_EXHAUSTED,
      `a reply of ${size} bytes is more than maxSendMessageSize, which is ${limit}`,
    );
  }
}
