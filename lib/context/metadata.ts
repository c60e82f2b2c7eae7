/** Metadata for the rooms above: its own room is below the statuses, which carry it, too. */

export { checkMetadata } from '../metadata/check-metadata.js';
export { CheckedMetadata } from '../metadata/checked-metadata.js';
export { mergeTrailers } from '../metadata/merge-trailers.js';
export { Metadata, type MetadataEntry, type MetadataInit } from '../metadata/metadata.js';
export { metadataSize } from '../metadata/metadata-size.js';
export { dropReserved, isReserved, STATUS_DETAILS } from '../metadata/reserved-keys.js';
export { toMetadata } from '../metadata/to-metadata.js';
