/** Something wrong in a `.proto` file. */
export interface Problem {
  /** The path of the file. */
  readonly file: string;
  /** From 1; undefined where it is not known. */
  readonly line: number | undefined;
  /** What is wrong, and what to do. */
  readonly text: string;
}

/** `proto/shop.proto:12: …`, as editors and terminals link it. */
export function describeProblem({ file, line, text }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${text}`;
}
