// Scanners for many connections: one reads whatever arrives whole, for all of them; only an answer that comes in pieces has one of its own.

import { nameTable } from './names.ts';
import { Scanner } from './scanner.ts';
import { Shapes } from './shapes.ts';

/** Scanners kept for later, at most. */
const KEPT = 64;

export class Readers {
  /** For the next answer of whichever connection. */
  common: Scanner;
  readonly #make: () => Scanner;
  readonly #spare: Scanner[] = [];

  /** `receive`: the buffer that all sockets read into. `watched`: headers that answers are asked for. `maxBody`: largest body read, in bytes. */
  constructor(receive: Buffer, watched: readonly string[], maxBody: number) {
    const names = nameTable(watched);
    const shapes = new Shapes(receive, names);
    this.#make = () => new Scanner(names, watched.length, maxBody, shapes);
    this.common = this.#make();
  }

  /** The common scanner is in the midst of an answer: it goes with the connection, and the others get another. */
  detach(): Scanner {
    const scanner = this.common;
    this.common = this.#spare.pop() ?? this.#make();
    return scanner;
  }

  /** Takes back a scanner whose answer is complete and done with. */
  giveBack(scanner: Scanner): void {
    if (this.#spare.length < KEPT) this.#spare.push(scanner);
  }
}
