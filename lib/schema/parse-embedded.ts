import type { EmbeddedFile } from './embedded-file.js';
import { inlineProtos } from './inline-proto.js';
import type { ProtoSchema } from './proto-schema.js';

/**
 * The schema of files that import none but one another and Google's.
 *
 * @throws Error when one cannot be parsed
 */
export function parseEmbedded(files: Iterable<EmbeddedFile>): ProtoSchema {
  const sources = new Map<string, string | undefined>();
  const imports = new Map<string, EmbeddedFile['imports']>();
  for (const file of files) {
    if (imports.has(file.name)) continue;
    imports.set(file.name, file.imports);
    sources.set(file.name, file.source?.());
  }
  return inlineProtos(
    sources,
    (imported, importer) => imports.get(importer)?.get(imported)?.name ?? imported,
  );
}
