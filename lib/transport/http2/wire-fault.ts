/** What a peer sent that the protocol forbids, or a limit, as the status that it ends a call with. */
export class WireFault extends Error {
  readonly code: number;

  constructor(code: number, details: string) {
    super(details);
    this.name = 'WireFault';
    this.code = code;
  }
}
