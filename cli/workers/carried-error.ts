// Errors on their way from a worker: what they say survives, whatever carries them.

import { type ErrorCode, StickyError } from '../../model/errors.ts';

/** `code` is null for an error that is no StickyError: a defect, told with its stack. */
export interface CarriedError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly hint: string;
  readonly stack: string;
}

export function carried(error: unknown): CarriedError {
  if (error instanceof StickyError) return { code: error.code, message: error.message, hint: error.hint, stack: '' };
  if (error instanceof Error) return { code: null, message: error.message, hint: '', stack: error.stack ?? '' };
  return { code: null, message: String(error), hint: '', stack: '' };
}

/** The error as it was thrown in the worker. */
export function uncarried({ code, message, hint, stack }: CarriedError): Error {
  if (code !== null) return new StickyError(code, message, hint);
  const error = new Error(message);
  if (stack !== '') error.stack = stack;
  return error;
}
