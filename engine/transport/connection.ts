// One connection: at most one request in flight, and for each request one outcome, told to its job.

import type { Socket } from 'node:net';
import type { LostReason, RefusedReason } from '../../model/entry.ts';
import { type Micros, SECOND } from '../../model/units.ts';
import type { Clock, Job } from '../wire.ts';
import type { Deadlines, Mortal } from './deadlines.ts';
import type { Dialer, Line } from './dial.ts';
import type { Lane, Stacked } from './lane.ts';
import { COMPLETE, INCOMPLETE, OVERSIZED } from './progress.ts';
import type { Readers } from './readers.ts';
import { loss, portTaken, refusal } from './reasons.ts';
import type { Scanner } from './scanner.ts';

/** Where connections belong, and what they all share. */
export interface Harbour {
  readonly clock: Clock;
  readonly dialer: Dialer;
  readonly timeout: Micros;
  readonly connectTimeout: Micros;
  readonly readers: Readers;
  /** When the present state of each connection has lasted too long. Those whose socket is done with have no place there. */
  readonly deadlines: Deadlines<Connection>;
  /** The connection can take another job: it gets one at once, or lies idle. */
  idle(connection: Connection): void;
  /** The connection takes no more jobs, but its socket may be open still. */
  left(connection: Connection): void;
  /** The cause of a refusal or loss in the words of the system, for those who explain. */
  explain(error: Error): void;
}

type State = 'connecting' | 'handshake' | 'busy' | 'idle' | 'leaving' | 'gone';

/** Time an idle connection is kept: as long as Firefox does (network.http.keep-alive.timeout, 115 s). */
export const IDLE_KEPT: Micros = 115 * SECOND;
/** How long the server may take to end a connection that it said it would close. The side that ends it has the TIME_WAIT. */
const LEAVE_TIME: Micros = SECOND;

export class Connection implements Stacked<Connection>, Mortal, Line {
  readonly lane: Lane<Connection>;
  above: Connection | null = null;
  below: Connection | null = null;
  readonly #harbour: Harbour;
  /** Its place among the deadlines. */
  readonly #place: number;
  #state: State = 'connecting';
  #job: Job | null;
  /** The socket that counts; events of others, given up already, are ignored. */
  #socket: Socket | null = null;
  /** In the midst of an answer that comes in pieces, its scanner. */
  #scanner: Scanner | null = null;
  #dials = 0;
  /** It has brought an answer. */
  #served = false;

  /** Opens the connection for the job. Outcomes come later, never during the call. */
  constructor(harbour: Harbour, lane: Lane<Connection>, job: Job) {
    this.#harbour = harbour;
    this.lane = lane;
    this.#job = job;
    this.#place = harbour.deadlines.add(this);
    harbour.deadlines.set(this.#place, harbour.clock() + harbour.connectTimeout);
    this.#dial();
  }

  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** Takes the next job, on an idle connection. */
  carry(job: Job): void {
    this.#send(job, '');
  }

  /** The present state has lasted long enough. */
  expire(): void {
    if (this.#state === 'connecting' || this.#state === 'handshake') this.#refuse('connect-timeout');
    else if (this.#state === 'busy') this.#lose('timeout');
    else this.#destroy();
  }

  /** Ends at once, by reset where that can be: no TIME_WAIT remains. */
  interrupt(): void {
    const socket = this.#socket;
    const job = this.#job;
    const sent = this.#state === 'busy';
    this.#job = null;
    if (sent || this.#state === 'idle') resetSocket(socket);
    this.#destroy();
    if (job === null) return;
    const at = this.#harbour.clock();
    if (sent) job.lost('interrupted', at);
    else job.refused('interrupted', at);
  }

  reached(socket: Socket): void {
    if (this.#state !== 'connecting') return;
    this.#socket = socket;
    this.#state = 'handshake';
  }

  opened(socket: Socket, preamble: string): void {
    if (socket !== this.#socket || this.#state === 'gone') return;
    const job = this.#job;
    if (job === null) throw new Error('a connection was opened for no job');
    this.#send(job, preamble);
  }

  bytes(buffer: Buffer, size: number): void {
    const job = this.#job;
    if (this.#state !== 'busy' || job === null) {
      // Nobody asked: an answer without a request. On a connection that is being left, the rest of what was not wanted.
      if (this.#state === 'idle') this.#destroy();
      return;
    }
    const scanner = this.#scanner ?? this.#harbour.readers.common;
    const progress = scanner.read(buffer, size, job.method === 'HEAD', job.wantsBody);
    if (progress === COMPLETE) {
      this.#answer(job, scanner);
      return;
    }
    this.#scanner ??= this.#harbour.readers.detach();
    if (progress !== INCOMPLETE) this.#lose(progress === OVERSIZED ? 'oversized' : 'malformed');
  }

  ended(socket: Socket): void {
    if (socket === this.#socket) this.#ended(null);
  }

  failed(socket: Socket, error: NodeJS.ErrnoException): void {
    if (socket !== this.#socket || this.#state === 'gone') return;
    if (this.#state === 'connecting' && portTaken(error) && this.#dials < this.#harbour.dialer.tries) this.#dial();
    else this.#ended(error);
  }

  #dial(): void {
    this.#dials++;
    this.#socket = this.#harbour.dialer.dial(this.lane, this);
    if (this.#socket !== null) return;
    setImmediate(() => {
      if (this.#state === 'connecting') this.#refuse('no-port');
    });
  }

  #send(job: Job, preamble: string): void {
    const socket = this.#socket;
    if (socket === null) throw new Error('a job was sent without a socket');
    const at = this.#harbour.clock();
    this.#state = 'busy';
    this.#job = job;
    this.#harbour.deadlines.set(this.#place, at + this.#harbour.timeout);
    job.sent(at);
    socket.write(preamble === '' ? job.text : preamble + job.text, 'latin1');
  }

  #answer(job: Job, scanner: Scanner): void {
    const harbour = this.#harbour;
    const at = harbour.clock();
    this.#job = null;
    if (scanner.reusable) {
      this.#served = true;
      this.#state = 'idle';
      harbour.deadlines.set(this.#place, at + IDLE_KEPT);
      harbour.idle(this);
    } else {
      this.#leave(at, scanner.surplus > 0);
    }
    const own = this.#scanner === scanner;
    if (own) this.#scanner = null;
    // The next request may be on its way already; the answer is overwritten only by reading on, which never happens during a call.
    job.answered(scanner, at);
    if (own) harbour.readers.giveBack(scanner);
  }

  /** Takes no more jobs; the server, which said so, ends the connection. One that speaks out of turn is cut off. */
  #leave(at: Micros, outOfTurn: boolean): void {
    this.#state = 'leaving';
    this.#harbour.deadlines.set(this.#place, at + LEAVE_TIME);
    this.#harbour.left(this);
    if (outOfTurn) this.#destroy();
  }

  /** The stream ended, or failed. */
  #ended(error: NodeJS.ErrnoException | null): void {
    if (error !== null) this.#harbour.explain(error);
    switch (this.#state) {
      case 'connecting':
      case 'handshake':
        this.#refuse(refusal(error ?? new Error('the connection was closed'), this.#state));
        break;
      case 'busy':
        this.#cutOff(error);
        break;
      default:
        this.#destroy();
    }
  }

  /** In mid-answer; which may be the end of a body that has no other. */
  #cutOff(error: NodeJS.ErrnoException | null): void {
    const scanner = this.#scanner;
    if (error === null && this.#job !== null && scanner?.end() === COMPLETE) this.#answer(this.#job, scanner);
    else this.#lose(loss(error, scanner !== null, this.#served));
  }

  #refuse(reason: RefusedReason): void {
    const job = this.#job;
    this.#job = null;
    this.#destroy();
    job?.refused(reason, this.#harbour.clock());
  }

  #lose(reason: LostReason): void {
    const job = this.#job;
    this.#job = null;
    this.#destroy();
    job?.lost(reason, this.#harbour.clock());
  }

  #destroy(): void {
    if (this.#state === 'gone') return;
    const left = this.#state === 'leaving';
    this.#state = 'gone';
    this.#socket?.destroy();
    if (!left) this.#harbour.left(this);
    this.#harbour.deadlines.remove(this.#place);
  }
}

function resetSocket(socket: Socket | null): void {
  // A TLS socket has no reset of its own.
  if (socket !== null && !('encrypted' in socket) && !socket.connecting && !socket.destroyed) socket.resetAndDestroy();
}
