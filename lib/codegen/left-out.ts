import type protobuf from 'protobufjs';
import { fullName } from '../schema/wire/message-shape.js';
import { type Definitions, fileOf } from './definitions.js';
import type { Problem } from './problem.js';
import type { ScannedProto } from './scanned-proto.js';
import { shownPath } from './shown-path.js';

const OPTIONS = /^google\.protobuf\.\w+Options$/;

/**
 * The extensions of messages of other files: such a message, read by its own codec, knows nothing
 * of them. Custom options are for tools and not meant.
 */
export function leftOut(
  definitions: ReadonlyMap<string, Definitions>,
  scans: ReadonlyMap<string, ScannedProto>,
): Problem[] {
  const found: Problem[] = [];
  for (const [file, { extensions }] of definitions) {
    for (const extension of extensions) {
      const extended = extension.extensionField?.parent;
      if (!extended || fileOf(extended) === file || OPTIONS.test(fullName(extended))) continue;
      found.push({
        file: shownPath(file),
        line: lineOf(extension, scans.get(file)),
        text: `the extension ${fullName(extension)} of ${fullName(extended)} is left out: only those in the file of the message are generated`,
      });
    }
  }
  return found;
}

function lineOf({ name }: protobuf.Field, scan: ScannedProto | undefined): number | undefined {
  const blocks = scan?.blocks.filter(({ kind }) => kind === 'extend') ?? [];
  return blocks.flatMap(({ fields }) => fields).find((field) => field.name === name)?.line;
}
