/** A `.proto` file held as text, and the files that it imports by the names it has for them. */
export interface EmbeddedFile {
  readonly name: string;
  /** Gives its text; undefined for Google's. */
  readonly source: (() => string) | undefined;
  readonly imports: ReadonlyMap<string, EmbeddedFile>;
}

/** A file and all that it imports, imports first. */
export function withImports(
  file: EmbeddedFile,
  found: Set<EmbeddedFile> = new Set(),
): Set<EmbeddedFile> {
  if (found.has(file)) return found;
  for (const imported of file.imports.values()) withImports(imported, found);
  return found.add(file);
}
