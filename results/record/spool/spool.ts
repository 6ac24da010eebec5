// The half of recording that runs where the load runs: it turns exchanges into numbers and hands them over in batches.

import type { Entry, Exchange } from '../../../model/entry.ts';
import * as row from '../batch.ts';
import type { Mark } from '../events.ts';
import { createBearers } from './bearers.ts';
import { createEndings } from './endings.ts';
import { createTitles } from './titles.ts';

export interface Spool {
  /** Takes entries in the order of the run. A mark goes out at once, and what came before goes with it. */
  entry(entry: Entry): void;
  /** Hands over what is there, if anything is. */
  flush(): void;
}

/** Exchanges in a batch: 512 KB, small enough to stay in the processor's cache on their way. */
const CAPACITY = 8_192;

/** Exchanges wait at most this long for a batch to fill, in milliseconds. */
const PATIENCE = 500;

/** Beyond these many all numbers begin anew, so that a run in which every session is a new one takes no more memory than another. */
const MOST_BEARERS = 65_536;
const MOST_OTHERS = 4_096;

/** Stores numbers, and compares texts with those of the same user's last exchange: most exchanges allocate nothing. */
export function createSpool(hand: (batch: row.Batch) => void): Spool {
  const titles = createTitles();
  const bearers = createBearers();
  const endings = createEndings();
  let rows = new ArrayBuffer(CAPACITY * row.ROW_BYTES);
  let doubles = new Float64Array(rows);
  let ints = new Int32Array(rows);
  let count = 0;
  let anew = true;
  let timer: NodeJS.Timeout | null = null;

  function add(exchange: Exchange): void {
    if (count === 0 && timer === null) timer = setTimeout(flush, PATIENCE).unref();
    const { outcome, user } = exchange;
    const answer = outcome.kind === 'answered' ? outcome : NO_ANSWER;
    const wide = count * row.DOUBLES;
    const place = count * row.INTS;
    doubles[wide + row.DUE] = exchange.due;
    doubles[wide + row.ASKED] = exchange.asked;
    doubles[wide + row.SENT] = exchange.sent;
    doubles[wide + row.DONE] = exchange.done;
    doubles[wide + row.COUNTER] = answer.counter ?? Number.NaN;
    ints[place + row.USER] = user;
    ints[place + row.SEQ] = exchange.seq;
    ints[place + row.TITLE] = titles.numberOf(exchange);
    ints[place + row.BEARER] = bearers.numberOf(user, exchange.egress, exchange.session, answer.effective, answer.owner);
    ints[place + row.ENDING] = endings.numberOf(user, outcome);
    ints[place + row.SET] = bearers.setNumberOf(user, answer.set);
    count += 1;
    if (count === CAPACITY) handOver(null);
  }

  function handOver(mark: Mark | null): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const texts = bearers.takeNewTexts();
    const words = { texts, titles: titles.takeNew(), bearers: bearers.takeNew(), endings: endings.takeNew() };
    const batch = { rows: takeRows(), count, anew, ...words, mark };
    count = 0;
    anew = bearers.count > MOST_BEARERS || titles.count > MOST_OTHERS || endings.count > MOST_OTHERS;
    if (anew) for (const numbers of [titles, bearers, endings]) numbers.forget();
    hand(batch);
  }

  /** A nearly empty buffer is copied and kept, so that a quiet run moves no megabytes. */
  function takeRows(): ArrayBuffer {
    if (count < CAPACITY / 4) return rows.slice(0, count * row.ROW_BYTES);
    const filled = rows;
    rows = new ArrayBuffer(CAPACITY * row.ROW_BYTES);
    doubles = new Float64Array(rows);
    ints = new Int32Array(rows);
    return filled;
  }

  function flush(): void {
    if (count > 0) handOver(null);
  }

  return {
    entry(entry) {
      if (entry.kind === 'exchange') add(entry);
      else handOver(entry);
    },
    flush,
  };
}

/** What a refused or lost exchange has in place of an answer. */
const NO_ANSWER = { counter: null, effective: null, owner: null, set: null };
