// Colour for the terminal, chosen by what a text says and never the only thing that says it.

import { styleText } from 'node:util';
import type { Tone } from './document.ts';

/** Adds colour to a text that is already laid out. */
export type Paint = (text: string, tone: Tone | 'title') => string;

export function paintFor(colour: boolean): Paint {
  return colour ? styled : (text) => text;
}

const STYLES = {
  title: ['bold'],
  quiet: ['dim'],
  pass: ['bold', 'green'],
  fail: ['bold', 'red'],
  unknown: ['bold', 'yellow'],
} as const;

/** Whether to colour was decided by the caller, so Node must not ask the environment again. */
function styled(text: string, tone: Tone | 'title'): string {
  if (tone === 'plain' || text === '') return text;
  let painted = text;
  for (const style of STYLES[tone]) painted = styleText(style, painted, { validateStream: false });
  return painted;
}
