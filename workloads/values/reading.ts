// What comes of reading one small value that a person wrote: the value, or a hint on how to write it.

export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly hint: string };

export function read<T>(value: T): Reading<T> {
  return { ok: true, value };
}

/** `hint` may be empty when nothing better can be said than what was expected. */
export function unreadable(hint = ''): Reading<never> {
  return { ok: false, hint };
}
