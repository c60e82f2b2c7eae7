/** Typed TypeScript from `.proto` files: what `tributary gen` does, as functions. */
export { CodegenError } from './codegen-error.js';
export {
  type Generated,
  type GenerateOptions,
  generate,
} from './generate.js';
export type { GeneratedFile } from './generated-file.js';
export type { Problem } from './problem.js';
export { type WriteResult, writeFiles } from './write-files.js';
