// What a request of the flow expects of its answer, and what it keeps of it.

import { assertNever } from '../../model/never.ts';
import type { Capture, RequestStep } from '../../model/workload.ts';
import type { Answer } from '../wire.ts';
import { at } from './json-path.ts';
import type { Watch } from './watch.ts';

export interface Judge {
  /** An expectation or a capture reads the body. */
  readonly wantsBody: boolean;
  /** Whether the answer is as expected: all conditions hold; without a list of status codes, any below 400 is expected. */
  met(answer: Answer): boolean;
  /** Hands over what is to be kept. A capture that finds nothing keeps what was there before. */
  capture(answer: Answer, keep: (variable: string, value: string) => void): void;
}

export function judgeOf({ expect, capture }: RequestStep, watch: Watch): Judge {
  const { status } = expect;
  const headers = expect.headers.map(({ name, pattern }) => ({ place: watch.place(name), pattern: new RegExp(pattern) }));
  const bodies = expect.body.map((pattern) => new RegExp(pattern));
  const captors = capture.map((wanted) => ({ as: wanted.as, find: finder(wanted, watch) }));
  const plain = status.length === 0 && headers.length === 0 && bodies.length === 0;
  return {
    wantsBody: bodies.length > 0 || capture.some(({ from }) => from === 'regex' || from === 'json'),
    met(answer) {
      if (plain) return answer.status < 400;
      if (status.length === 0 ? answer.status >= 400 : !status.includes(answer.status)) return false;
      if (!headers.every(({ place, pattern }) => pattern.test(answer.header(place) ?? ''))) return false;
      return bodies.every((pattern) => pattern.test(answer.body()));
    },
    capture(answer, keep) {
      for (const { as, find } of captors) {
        const value = find(answer);
        if (value !== null) keep(as, value);
      }
    },
  };
}

function finder(capture: Capture, watch: Watch): (answer: Answer) => string | null {
  switch (capture.from) {
    case 'header': {
      const place = watch.place(capture.header);
      return (answer) => answer.header(place);
    }
    case 'cookie':
      return (answer) => cookieValue(answer.setCookies, capture.cookie);
    case 'regex': {
      const pattern = new RegExp(capture.pattern);
      return (answer) => pattern.exec(answer.body())?.[capture.group] ?? null;
    }
    case 'json':
      return (answer) => at(answer.body(), capture.path);
    default:
      return assertNever(capture);
  }
}

/** Value of the last Set-Cookie of that name. */
function cookieValue(setCookies: readonly string[], name: string): string | null {
  const last = setCookies.findLast((raw) => raw.slice(0, Math.max(0, raw.indexOf('='))).trim() === name);
  return last === undefined ? null : (/=([^;]*)/.exec(last)?.[1]?.trim() ?? null);
}
