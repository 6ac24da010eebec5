// Numbers for the requests of the workload.

import type { Exchange } from '../../../model/entry.ts';
import type { Title } from '../batch.ts';
import { createNumbering, type Numbering } from './numbering.ts';

export interface Titles extends Omit<Numbering<Title>, 'add'> {
  numberOf(exchange: Exchange): number;
}

interface Known {
  readonly number: number;
  readonly title: Title;
}

/** A name has one title in each phase; seldom more, because requests of one name are mostly one request. The newest is looked at first. */
export function createTitles(): Titles {
  const numbering = createNumbering<Title>();
  const byName = new Map<string, Known[]>();

  function file(exchange: Exchange): number {
    const { phase, method, name, op, key } = exchange;
    const title = { phase, method, name, op, key };
    const known = { number: numbering.add(title), title };
    const alike = byName.get(name);
    if (alike === undefined) byName.set(name, [known]);
    else alike.unshift(known);
    return known.number;
  }

  return {
    numberOf(exchange) {
      const alike = byName.get(exchange.name);
      if (alike !== undefined) for (const { number, title } of alike) if (isTitle(title, exchange)) return number;
      return file(exchange);
    },
    takeNew: numbering.takeNew,
    get count() {
      return numbering.count;
    },
    forget() {
      numbering.forget();
      byName.clear();
    },
  };
}

function isTitle(title: Title, exchange: Exchange): boolean {
  return title.phase === exchange.phase && title.method === exchange.method && title.op === exchange.op && title.key === exchange.key;
}
