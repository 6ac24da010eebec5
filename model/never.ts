// The end of every switch over a union.

/** Marks a branch that the types say cannot be reached. Throws, because an impossible state must stop the run. */
export function assertNever(value: never): never {
  throw new Error(`impossible value: ${JSON.stringify(value)}`);
}
