/** How many messages may lie inside one another, as in every other protobuf implementation. */
export const MAX_DEPTH = 100;

/** The longest `bytes` field, in bytes, that decoding copies instead of handing out a view of the input. */
export const COPY_UP_TO = 4096;
