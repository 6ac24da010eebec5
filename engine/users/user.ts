// One user: a flow, a cookie jar, a source address, and at most one request on its way.

import type { Lost, LostReason, Outcome, Refused, RefusedReason } from '../../model/entry.ts';
import { type Micros, SECOND } from '../../model/units.ts';
import type { Sleeper } from '../agenda.ts';
import { share } from '../plan/mix.ts';
import type { Stay } from '../plan/population.ts';
import { type Answer, type Job, SHARED_LANE } from '../wire.ts';
import { Attendance } from './attendance.ts';
import { pauseAfter, turnedAway } from './back-off.ts';
import { holdBack, pass, type RequestInstruction } from './course.ts';
import type { Crew } from './crew.ts';
import { type Attempt, exchangeOf } from './exchange.ts';
import { nothingRead, type Recent } from './reader.ts';
import { type Ask, redirection } from './redirect.ts';
import type { Draft, Holder, Title } from './request.ts';
import { addressOf, type Source, sourceOf } from './source.ts';
import { type Carried, carry, createWallet, NO_NEWS, NOTHING_CARRIED, take, type Wallet } from './wallet.ts';

/** Pause after a request that leads elsewhere, so that a flow of such requests takes time. */
const SKIP_PAUSE: Micros = SECOND;

/**
 * A class, for once, because a run has up to a million users and each is the job of his own requests: methods cost nothing per user, and a
 * request allocates little but its text and its entry.
 */
export class User implements Job, Sleeper, Holder, Attempt {
  readonly number: number;
  readonly lane: number;
  exit = '';
  method = '';
  text = '';
  wantsBody = false;

  private readonly crew: Crew;
  private readonly attendance: Attendance;
  private readonly recent: Recent = nothingRead();
  private source: Source | null = null;
  private wallet: Wallet | null = null;
  private captured: Map<string, string> | null = null;
  /** The request on its way, or the one waited for. */
  private request: RequestInstruction | null = null;
  private draft: Draft | null = null;
  private title: Title | null = null;
  carried: Carried = NOTHING_CARRIED;
  /** Where a redirect leads: the request to be sent, or on its way. */
  private hop: Ask | null = null;
  private hops = 0;
  private viaLine = '';
  seq = 0;
  askedAt: Micros = 0;
  sentAt: Micros = 0;
  /** Requests turned away since the last that was not. */
  private rebuffs = 0;
  /** The connection of the last request is gone: the next one opens another. */
  private broken = false;

  /** `stays`: when he is wanted, at least once. He is to be woken when the first begins. */
  constructor(crew: Crew, number: number, stays: readonly Stay[]) {
    const { plan } = crew;
    const program = plan.programs[share(plan.weights, plan.seed, number, 'scenario')];
    if (program === undefined) throw new Error('a workload has at least one scenario');
    this.crew = crew;
    this.number = number;
    this.lane = plan.ownLanes ? number : SHARED_LANE;
    this.attendance = new Attendance(plan, number, program, stays);
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
      this.attendance.enter();
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

  private goOn(now: Micros): void {
    const { attendance } = this;
    this.request ??= attendance.next();
    if (this.request === null) {
      this.crew.counts.unstarted += attendance.owed(this.crew.plan.end);
      this.quit();
    } else if (attendance.course.free > now) {
      this.crew.agenda.sleep(this, attendance.course.free);
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
    this.exit = this.address(now);
    this.carried = this.wallet === null ? NOTHING_CARRIED : carry(this.wallet, plan.mint, draft.pathname, this.wallClock(now));
    this.draft = draft;
    this.title = title;
    this.method = title.method;
    this.text = draft.head + this.viaLine + this.carried.line + draft.tail;
    this.wantsBody = this.request?.judge.wantsBody === true;
    // `now` is when the users awake at present began to act: with many of them it is a while ago.
    this.askedAt = clock();
    this.sentAt = this.askedAt;
    counts.inFlight += 1;
    transport.send(this);
  }

  private address(now: Micros): string {
    const { origins, viaHeader } = this.crew.plan;
    this.source ??= sourceOf(this.number, now, origins);
    const address = addressOf(this.source, this.number, now, this.broken, origins);
    this.broken = false;
    if (viaHeader !== null && address !== this.exit) this.viaLine = `${viaHeader}: ${address}\r\n`;
    return address;
  }

  private receive(answer: Answer, at: Micros): void {
    const { plan } = this.crew;
    const { request, draft, title, carried } = this;
    this.rebuffs = 0;
    this.broken = answer.closes;
    if (request === null || draft === null || title === null) throw new Error(`user ${this.number} got an answer to nothing`);
    let news = NO_NEWS;
    if (answer.setCookies.length > 0) {
      this.wallet ??= createWallet();
      news = take(this.wallet, plan.mint, answer.setCookies, draft.pathname, this.wallClock(at));
    }
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

  /** Leaves, and comes back when he is wanted again; else he needs his connections no more. */
  private quit(): void {
    const { counts, agenda, plan, transport } = this.crew;
    counts.users -= 1;
    const join = this.attendance.quit();
    if (join !== null) agenda.sleep(this, join);
    else if (plan.ownLanes) transport.release(this.lane);
  }

  /** The request is due after the last phase: it is not sent, and nothing after it. One that was due before may be sent a moment late. */
  private giveUp(): void {
    this.attendance.stayNoMore();
    this.quit();
  }

  /** The request leads to another origin for this user: it is not sent. */
  private skip(now: Micros): void {
    this.crew.counts.unstarted += 1;
    this.request = null;
    pass(this.attendance.course, now);
    holdBack(this.attendance.course, now + SKIP_PAUSE);
    this.crew.agenda.ready(this);
  }

  private keep(variable: string, value: string): void {
    this.captured ??= new Map();
    this.captured.set(variable, value);
  }

  private wallClock(now: Micros): number {
    return this.crew.epoch + now / 1000;
  }
}
