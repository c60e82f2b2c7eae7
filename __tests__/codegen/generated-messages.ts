import type { ProtoMessage } from 'tributary';
import type { Plain } from './bufbuild.js';
import * as clashes from './generated/clashes.js';
import * as defaults from './generated/defaults.js';
import * as edition from './generated/edition.js';
import * as editionFile from './generated/edition_file.js';
import * as everything from './generated/everything.js';
import * as any from './generated/google/protobuf/any.js';
import * as mask from './generated/google/protobuf/field_mask.js';
import * as struct from './generated/google/protobuf/struct.js';
import * as timestamp from './generated/google/protobuf/timestamp.js';
import * as wrappers from './generated/google/protobuf/wrappers.js';
import * as legacy from './generated/legacy.js';

const GOOGLE = [any, mask, struct, timestamp, wrappers];
const MODULES = [clashes, defaults, edition, editionFile, everything, legacy, ...GOOGLE];

/** The messages of all generated modules. */
export const generatedMessages = MODULES.flatMap((module) =>
  Object.values<unknown>({ ...module }),
).filter((each): each is ProtoMessage<Plain> => typeof (each as Plain)?.decode === 'function');

/** The other library has extensions elsewhere. */
export function withoutExtensions(message: Plain): Plain {
  return Object.fromEntries(Object.entries(message).filter(([key]) => !key.startsWith('[')));
}
