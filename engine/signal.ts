// A promise that others settle.

export interface Signal<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Settles once; later calls do nothing. A rejection that nobody waits for is nobody's concern. */
export function signal<T>(): Signal<T> {
  let resolve: Signal<T>['resolve'] = () => {};
  let reject: Signal<T>['reject'] = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve: (value) => resolve(value), reject: (error) => reject(error) };
}
