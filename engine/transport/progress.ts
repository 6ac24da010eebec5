// What reading some more bytes can come to, short of a place behind what was read.

/** Well so far, and the stream has to go on. */
export const INCOMPLETE = -1;

/** Not an HTTP/1.1 answer. */
export const MALFORMED = -2;

/** A head, a trailer or a body beyond its limit. */
export const OVERSIZED = -3;

/** The answer is whole. */
export const COMPLETE = 0;

export type Progress = typeof INCOMPLETE | typeof MALFORMED | typeof OVERSIZED | typeof COMPLETE;
