// How text may look on a stream: its width, and whether it may have colours.

import type { WriteStream } from 'node:tty';

/** Narrowest and widest text we write, whatever the terminal says. */
const NARROW = 60;
const WIDE = 120;

/** 100 columns without colour where nobody watches; NO_COLOR (no-color.org) takes the colour away. */
export function look(stream: WriteStream): { readonly colour: boolean; readonly width: number } {
  const colour = stream.isTTY === true && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  const width = stream.isTTY === true ? stream.columns : 100;
  return { colour, width: Math.max(NARROW, Math.min(WIDE, width)) };
}
