import type { ProtoFile } from '../schema/proto-file.js';
import type { Problem } from './problem.js';
import type { ScannedProto } from './scanned-proto.js';
import { shownPath } from './shown-path.js';

/** Files that import themselves, by way of others or not: protobuf has no such thing. */
export function checkImports(
  files: readonly ProtoFile[],
  scans: ReadonlyMap<string, ScannedProto>,
): Problem[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const problems: Problem[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    done.add(path);
    for (const [name, imported] of byPath.get(path)?.imports ?? []) {
      const start = [...way, path].indexOf(imported);
      if (start >= 0) {
        const cycle = [...way, path].slice(start).concat(imported).map(shownPath).join(' → ');
        const line = scans.get(path)?.imports.find((each) => each.name === name)?.line;
        const text = `files cannot import one another: ${cycle}; move what both need to a third`;
        problems.push({ file: path, line, text });
      } else if (!done.has(imported)) visit(imported, [...way, path]);
    }
  };
  for (const { path } of files) if (!done.has(path)) visit(path, []);
  return problems;
}
