// The error of a record that cannot be written.

import { StickyError } from '../../model/errors.ts';

export function unwritable(folder: string, why: string): StickyError {
  return new StickyError('OUTPUT_UNWRITABLE', `The record in ${folder} cannot be written: ${why}`);
}
