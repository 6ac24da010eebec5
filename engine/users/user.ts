// One user: a flow, a cookie jar, a source address, and at most one request on its way.

import type { Lost, LostReason, Outcome, Refused, RefusedReason } from '../../model/entry.ts';
import { type Micros, SECOND } from '../../model/units.ts';
import type { Sleeper } from '../agenda.ts';
import { flatText } from '../flat.ts';
import type { Stay } from '../plan/population.ts';
import { type Answer, type Job, SHARED_LANE } from '../wire.ts';
import { Attendance } from './attendance.ts';
import { pauseAfter, turnedAway } from './back-off.ts';
import { type Carried, NO_NEWS, NOTHING_CARRIED } from './cookies.ts';
import { holdBack, pass, type RequestInstruction } from './course.ts';
import type { Crew } from './crew.ts';
import { type Attempt, exchangeOf } from './exchange.ts';
import { forget, nothingRead, type Recent } from './reader.ts';
import { type Ask, redirection } from './redirect.ts';
import type { Draft, Holder, Title } from './request.ts';
import { locate, type Source } from './source.ts';
import { carry, createWallet, empty, take, type Wallet } from './wallet.ts';

/** Pause after a request that leads elsewhere, so that a flow of such requests takes time. */
const SKIP_PAUSE: Micros = SECOND;

/** Where users are while they wait. */
interface Lodging {
  /** The user waits until then. He must not be touched any more: when his time has come another object may be him. */
  rest(user: User, until: Micros): void;
  /** The user has gone for good. He must not be touched any more. */
  discharge(user: User): void;
}

/**
 * A class, for once, because each user is the job of his own requests: methods cost nothing per user, and a request allocates little but its
 * text and its entry. The object is one user only as long as he acts: while he waits, what he knows lies in a bed (`beds.ts`), and the
 * object may be another.
 */
export class User implements Job, Sleeper, Holder, Attempt {
  /** The object is a user now. */
  isSomebody = false;
  /** Where he lies down when he waits; null before the first time. */
  bed: number | null = null;
  number = 0;
  lane = SHARED_LANE;
  /** His source address; empty before his first request. */
  exit = '';
  method = '';
  text = '';
  wantsBody = false;
  readonly attendance: Attendance;
  readonly recent: Recent = nothingRead();
  readonly wallet: Wallet = createWallet();
  /** Where he has more than one source address. */
  source: Source | null = null;
  captured: Map<string, string> | null = null;
  carried: Carried = NOTHING_CARRIED;
  seq = 0;
  askedAt: Micros = 0;
  sentAt: Micros = 0;
  /** Requests turned away since the last that was not. */
  rebuffs = 0;
  /** The connection of the last request is gone: the next one opens another. */
  broken = false;

  private readonly crew: Crew;
  private readonly lodging: Lodging;
  /** The request on its way, or the one waited for. */
  private request: RequestInstruction | null = null;
  private draft: Draft | null = null;
  private title: Title | null = null;
  /** Where a redirect leads: the request to be sent, or on its way. */
  private hop: Ask | null = null;
  private hops = 0;

  constructor(crew: Crew, lodging: Lodging) {
    this.crew = crew;
    this.lodging = lodging;
    this.attendance = new Attendance(crew.plan);
  }

  /** The object becomes a user who was not there before. */
  begin(number: number, first: Stay): void {
    this.number = number;
    this.attendance.begin(number, first);
    forget(this.recent);
    empty(this.wallet);
    this.exit = '';
    this.source = null;
    this.captured = null;
    this.seq = 0;
    this.rebuffs = 0;
    this.broken = false;
    this.bed = null;
    this.rise();
  }

  /** The object has become the user who lay in this bed. */
  getUp(bed: number): void {
    this.bed = bed;
    this.rise();
  }

  /** Value of a variable: captured, or given from the start. */
  value(variable: string): string | undefined {
    return this.captured?.get(variable) ?? this.crew.plan.given(this.number, variable);
  }

  /** Requests that were due before `until` and were not sent. He has none on its way. */
  owed(until: Micros): number {
    return this.attendance.owed(until);
  }

  wake(now: Micros): void {
    if (!this.attendance.present) {
      this.attendance.present = true;
      this.crew.counts.users += 1;
    }
    if (this.hop !== null) this.send(this.hop.draft, this.hop.title, now);
    else this.goOn(now);
  }

  sent(at: Micros): void {
    this.sentAt = at;
  }

  answered(answer: Answer, at: Micros): void {
    try {
      this.receive(answer, at);
    } catch (error) {
      this.crew.failed(error);
    }
    this.crew.settled(at);
  }

  refused(reason: RefusedReason, at: Micros): void {
    this.miss({ kind: 'refused', reason }, at);
  }

  lost(reason: LostReason, at: Micros): void {
    this.miss({ kind: 'lost', reason }, at);
  }

  /** There is no answer. Where the user holds back, his next request is due when the pause is over. */
  private miss(outcome: Refused | Lost, at: Micros): void {
    const { reason } = outcome;
    try {
      this.broken = true;
      this.rebuffs = turnedAway(reason) ? this.rebuffs + 1 : 0;
      const done = this.note(outcome, at);
      this.settle(null, done);
      if (this.rebuffs > 0) holdBack(this.attendance.course, done + pauseAfter(reason, this.rebuffs));
    } catch (error) {
      this.crew.failed(error);
    }
    this.crew.settled(at);
  }

  /** What is not kept in a bed. A user who lay down was waiting for the request that his course is at, or was away. */
  private rise(): void {
    const { attendance } = this;
    this.isSomebody = true;
    this.lane = this.crew.plan.ownLanes ? this.number : SHARED_LANE;
    this.request = attendance.present ? attendance.waiting() : null;
    this.hop = null;
    this.hops = 0;
  }

  private goOn(now: Micros): void {
    const { attendance } = this;
    this.request ??= attendance.next();
    if (this.request === null) {
      this.crew.counts.unstarted += attendance.owed(this.crew.plan.end);
      this.quit();
    } else if (attendance.course.free > now) {
      this.lodging.rest(this, attendance.course.free);
    } else {
      const draft = this.request.request.draft(this);
      if (draft === null) this.skip(now);
      else this.send(draft, this.request.request.title, now);
    }
  }

  private send(draft: Draft, title: Title, now: Micros): void {
    const { plan, counts, transport, clock } = this.crew;
    if (this.attendance.course.due >= plan.end) {
      this.giveUp();
      return;
    }
    locate(this, now, plan.origins);
    this.carried = carry(this.wallet, plan.mint, draft.pathname, this.wallClock(now));
    this.draft = draft;
    this.title = title;
    this.method = title.method;
    this.text = draft.head + this.viaLine() + this.carried.line + draft.tail;
    this.wantsBody = this.request?.judge.wantsBody === true;
    // `now` is when the users awake at present began to act: with many of them it is a while ago.
    this.askedAt = clock();
    this.sentAt = this.askedAt;
    counts.inFlight += 1;
    transport.send(this);
  }

  private receive(answer: Answer, at: Micros): void {
    const { plan } = this.crew;
    const { request, draft, title, carried } = this;
    this.rebuffs = 0;
    this.broken = answer.closes;
    if (request === null || draft === null || title === null) throw new Error(`user ${this.number} got an answer to nothing`);
    let news = NO_NEWS;
    if (answer.setCookies.length > 0) news = take(this.wallet, plan.mint, answer.setCookies, draft.pathname, this.wallClock(at));
    const hop =
      answer.status >= 300 && answer.status < 400 && this.hops < plan.redirects
        ? redirection(answer, plan.location, plan.site, { draft, title, bare: this.hop?.bare === true }, request.request, this)
        : null;
    const met = hop !== null || request.judge.met(answer);
    const done = this.note(plan.reader(answer, met, carried, news, this.recent), at);
    if (hop === null) request.judge.capture(answer, (variable, value) => this.keep(variable, value));
    this.settle(hop, done);
  }

  /** Hands the exchange over and returns when it was done. */
  private note(outcome: Outcome, at: Micros): Micros {
    const { journal, phaseAt } = this.crew;
    const { title } = this;
    if (title === null) throw new Error(`user ${this.number} was told the end of nothing`);
    const { due } = this.attendance.course;
    const done = journal.instant(at);
    journal.note(exchangeOf(this, title, due, done, phaseAt(due), outcome));
    this.seq += 1;
    return done;
  }

  /** The request is over: the user follows the redirect, or goes on in his flow. */
  private settle(hop: Ask | null, done: Micros): void {
    this.crew.counts.inFlight -= 1;
    this.text = '';
    this.hop = hop;
    this.hops = hop === null ? 0 : this.hops + 1;
    if (hop === null) {
      this.request = null;
      pass(this.attendance.course, done);
    } else {
      holdBack(this.attendance.course, done);
    }
    this.crew.agenda.ready(this);
  }

  /** Leaves, and comes back when he is wanted again. */
  private quit(): void {
    this.crew.counts.users -= 1;
    const join = this.attendance.quit();
    if (join === null) this.depart();
    else this.lodging.rest(this, join);
  }

  /** He is gone for good and needs his connections no more. */
  private depart(): void {
    const { plan, transport } = this.crew;
    if (plan.ownLanes) transport.release(this.lane);
    this.lodging.discharge(this);
  }

  /** The request is due after the last phase: it is not sent, and nothing after it. One that was due before may be sent a moment late. */
  private giveUp(): void {
    this.crew.counts.users -= 1;
    this.depart();
  }

  /** The request leads to another origin for this user: it is not sent. */
  private skip(now: Micros): void {
    this.crew.counts.unstarted += 1;
    this.request = null;
    pass(this.attendance.course, now);
    holdBack(this.attendance.course, now + SKIP_PAUSE);
    this.crew.agenda.ready(this);
  }

  private viaLine(): string {
    const { viaHeader } = this.crew.plan;
    return viaHeader === null ? '' : `${viaHeader}: ${this.exit}\r\n`;
  }

  private keep(variable: string, value: string): void {
    this.captured ??= new Map();
    this.captured.set(variable, flatText(value));
  }

  private wallClock(now: Micros): number {
    return this.crew.epoch + now / 1000;
  }
}
