import type protobuf from 'protobufjs';

/** A file that definitions come from. */
export interface ProtoFile {
  /** Its absolute path, or its name where it is a well-known file: what its definitions have as `filename`. */
  readonly path: string;
  /** The names that other files import it by. */
  readonly importedAs: ReadonlySet<string>;
  /** What it is called where no file imports it: its path from an include or the working directory. */
  readonly givenAs: string | undefined;
  /** Its text; `undefined` for the well-known files that protobufjs has in memory. */
  readonly source: string | undefined;
  /** The paths of the files that it imports, by the names it has for them; missing weak ones are left out. */
  readonly imports: ReadonlyMap<string, string>;
}

/** Files with all that they import, and what they define. A `ProtoSchema` is this. */
export interface ProtoFiles {
  /** protobufjs's reflection of the files, for tools that generate from it. Not to be changed. */
  readonly root: protobuf.Root;
  readonly files: readonly ProtoFile[];
}
