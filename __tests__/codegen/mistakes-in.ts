import { join } from 'node:path';
import { expect } from '@jest/globals';
import { CodegenError, generate } from '../../lib/codegen/index.js';
import { folderWith } from './in-folder.js';

/** What is said of files, with the path of the folder left out. */
export async function mistakesIn(files: { readonly [path: string]: string }): Promise<string> {
  const folder = folderWith(files);
  const paths = Object.keys(files).map((path) => join(folder, path));
  const error = await generate(paths).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(CodegenError);
  return (error as CodegenError).message.replaceAll(`${folder}/`, '');
}

/** A file of `package p`, whose text begins on line 2. */
export const proto3 = (body: string) => ({
  'a.proto': `syntax = "proto3"; package p;\n${body}`,
});
export const proto2 = (body: string) => ({
  'a.proto': `syntax = "proto2"; package p;\n${body}`,
});
