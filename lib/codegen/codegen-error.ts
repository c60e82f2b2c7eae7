import { describeProblem, type Problem } from './problem.js';

/** Why nothing was generated: all that is wrong in the files, one line each. */
export class CodegenError extends Error {
  override readonly name = 'CodegenError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], cause?: unknown) {
    super(problems.map(describeProblem).join('\n'), { cause });
    this.problems = problems;
  }
}
