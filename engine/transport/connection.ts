// One connection: at most one request in flight, and for each request one outcome, told to its job.

import type { Socket } from 'node:net';
import type { LostReason, RefusedReason } from '../../model/entry.ts';
import { type Micros, SECOND } from '../../model/units.ts';
import type { Clock, Job } from '../wire.ts';
import type { Dialer, Events } from './dial.ts';
import type { Lane, Stacked } from './lane.ts';
import { COMPLETE, INCOMPLETE, OVERSIZED } from './progress.ts';
import { loss, portTaken, refusal } from './reasons.ts';
import type { Scanner } from './scanner.ts';

/** Where connections belong, and what they all share. */
export interface Harbour {
  readonly clock: Clock;
  readonly dialer: Dialer;
  readonly timeout: Micros;
  readonly connectTimeout: Micros;
  /** The connection can take another job: it gets one at once, or lies idle. */
  idle(connection: Connection): void;
  /** The connection takes no more jobs, but its socket may be open still. */
  left(connection: Connection): void;
  /** The socket is done with. */
  gone(connection: Connection): void;
  /** The cause of a refusal or loss in the words of the system, for those who explain. */
  explain(error: Error): void;
}

type State = 'connecting' | 'handshake' | 'busy' | 'idle' | 'leaving' | 'gone';

/** Time an idle connection is kept: as long as Firefox does (network.http.keep-alive.timeout, 115 s). */
export const IDLE_KEPT: Micros = 115 * SECOND;
/** How long the server may take to end a connection that it said it would close. The side that ends it has the TIME_WAIT. */
const LEAVE_TIME: Micros = SECOND;

export class Connection implements Stacked<Connection> {
  readonly lane: Lane<Connection>;
  /** When the present state has lasted too long. */
  deadline: Micros = 0;
  above: Connection | null = null;
  below: Connection | null = null;
  readonly #harbour: Harbour;
  readonly #scanner: Scanner;
  #state: State = 'connecting';
  #job: Job | null;
  #socket: Socket | null = null;
  #dials = 0;

  /** Opens the connection for the job. Outcomes come later, never during the call. */
  constructor(harbour: Harbour, lane: Lane<Connection>, scanner: Scanner, job: Job) {
    this.#harbour = harbour;
    this.lane = lane;
    this.#scanner = scanner;
    this.#job = job;
    this.deadline = harbour.clock() + harbour.connectTimeout;
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

  #dial(): void {
    this.#dials++;
    const socket = this.#harbour.dialer.dial(this.lane.exit, this.#events());
    this.#socket = socket;
    if (socket !== null) return;
    setImmediate(() => {
      if (this.#state === 'connecting') this.#refuse('no-port');
    });
  }

  /** Events of one socket; those of a socket already given up are ignored. */
  #events(): Events {
    let current = true;
    const live = (): boolean => current && this.#state !== 'gone';
    return {
      reached: () => {
        if (live()) this.#state = 'handshake';
      },
      opened: (socket, preamble) => {
        if (!live()) return;
        this.#socket = socket;
        this.#opened(preamble);
      },
      bytes: (buffer, size) => this.#read(buffer, size),
      ended: () => {
        if (live()) this.#ended(null);
      },
      failed: (error) => {
        if (!live()) return;
        if (this.#state === 'connecting' && portTaken(error) && this.#dials < this.#harbour.dialer.tries) {
          current = false;
          this.#dial();
        } else this.#ended(error);
      },
    };
  }

  #opened(preamble: string): void {
    const job = this.#job;
    if (job === null) throw new Error('a connection was opened for no job');
    this.#send(job, preamble);
  }

  #send(job: Job, preamble: string): void {
    const socket = this.#socket;
    if (socket === null) throw new Error('a job was sent without a socket');
    const at = this.#harbour.clock();
    this.#state = 'busy';
    this.#job = job;
    this.deadline = at + this.#harbour.timeout;
    job.sent(at);
    socket.write(preamble === '' ? job.text : preamble + job.text, 'latin1');
  }

  #read(buffer: Buffer, size: number): void {
    const job = this.#job;
    if (this.#state !== 'busy' || job === null) {
      // Nobody asked: an answer without a request. On a connection that is being left, the rest of what was not wanted.
      if (this.#state === 'idle') this.#destroy();
      return;
    }
    const progress = this.#scanner.read(buffer, size, job.method === 'HEAD', job.wantsBody);
    if (progress === COMPLETE) this.#answer(job);
    else if (progress !== INCOMPLETE) this.#lose(progress === OVERSIZED ? 'oversized' : 'malformed');
  }

  #answer(job: Job): void {
    const harbour = this.#harbour;
    const at = harbour.clock();
    this.#job = null;
    if (this.#scanner.reusable) {
      this.#state = 'idle';
      this.deadline = at + IDLE_KEPT;
      harbour.idle(this);
    } else {
      this.#leave(at);
    }
    // The next request may be on its way already; the answer is overwritten only by reading on, which never happens during a call.
    job.answered(this.#scanner, at);
  }

  /** Takes no more jobs; the server, which said so, ends the connection. One that speaks out of turn is cut off. */
  #leave(at: Micros): void {
    this.#state = 'leaving';
    this.deadline = at + LEAVE_TIME;
    this.#harbour.left(this);
    if (this.#scanner.surplus > 0) this.#destroy();
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
        if (error === null && this.#job !== null && this.#scanner.end() === COMPLETE) this.#answer(this.#job);
        else this.#lose(loss(error, this.#scanner.started));
        break;
      default:
        this.#destroy();
    }
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
    this.#harbour.gone(this);
  }
}

function resetSocket(socket: Socket | null): void {
  // A TLS socket has no reset of its own.
  if (socket !== null && !('encrypted' in socket) && !socket.connecting && !socket.destroyed) socket.resetAndDestroy();
}
