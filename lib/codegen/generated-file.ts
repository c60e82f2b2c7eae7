/** A module that was generated. */
export interface GeneratedFile {
  /** Relative to the directory that all are to be written to, with slashes: `shop/orders.ts`. */
  readonly path: string;
  readonly text: string;
}
