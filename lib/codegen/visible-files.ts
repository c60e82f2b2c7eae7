import type { ProtoFile } from '../schema/proto-file.js';
import type { ScannedProto } from './scanned-proto.js';

/**
 * The files whose types a file may use: itself, what it imports, and what that imports publicly.
 *
 * @param files - by their paths
 */
export function visibleFiles(
  path: string,
  files: ReadonlyMap<string, ProtoFile>,
  scans: ReadonlyMap<string, ScannedProto>,
): ReadonlySet<string> {
  const visible = new Set([path, ...(files.get(path)?.imports.values() ?? [])]);
  // What is added is visited as well.
  for (const each of visible) {
    if (each === path) continue;
    for (const { name, isPublic } of scans.get(each)?.imports ?? []) {
      const imported = files.get(each)?.imports.get(name);
      if (isPublic && imported !== undefined) visible.add(imported);
    }
  }
  return visible;
}
