// One user: a flow, a cookie jar, a source address, and at most one request on its way.

import type { LostReason, Outcome, RefusedReason } from '../../model/entry.ts';
import { MILLISECOND, type Micros, SECOND } from '../../model/units.ts';
import type { Sleeper } from '../agenda.ts';
import { share } from '../plan/mix.ts';
import type { Stay } from '../plan/population.ts';
import { type Random, random } from '../plan/random.ts';
import { type Answer, type Job, SHARED_LANE } from '../wire.ts';
import { type Course, courseFrom, holdBack, nextRequest, pass, type RequestInstruction, type Thinker } from './course.ts';
import type { Crew } from './crew.ts';
import type { Program } from './program.ts';
import { nothingRead, type Recent } from './reader.ts';
import { type Ask, redirection } from './redirect.ts';
import type { Draft, Holder, Title } from './request.ts';
import { addressOf, type Source, sourceOf } from './source.ts';
import { type Carried, carry, createWallet, NO_NEWS, NOTHING_CARRIED, take, type Wallet } from './wallet.ts';

/** Pause after the first refused request; it doubles with each one that follows, up to the longest. */
const FIRST_PAUSE: Micros = 100 * MILLISECOND;
const LONGEST_PAUSE: Micros = SECOND;

/**
 * A class, for once, because a run has up to a million users and each is the job of his own requests: methods cost nothing per user, and a
 * request allocates little but its text and its entry.
 */
export class User implements Job, Sleeper, Holder, Thinker {
  readonly number: number;
  readonly lane: number;
  exit = '';
  method = '';
  text = '';
  wantsBody = false;

  private readonly crew: Crew;
  private readonly program: Program;
  private readonly recent: Recent = nothingRead();
  private stays: readonly Stay[];
  private present = false;
  private course: Course;
  private source: Source | null = null;
  private wallet: Wallet | null = null;
  private captured: Map<string, string> | null = null;
  private thinking: Random | null = null;
  /** The request on its way, or the one waited for. */
  private request: RequestInstruction | null = null;
  private draft: Draft | null = null;
  private title: Title | null = null;
  private carried: Carried = NOTHING_CARRIED;
  /** Where a redirect leads that has not been followed yet. */
  private hop: Ask | null = null;
  private hops = 0;
  private bare = false;
  private viaLine = '';
  private seq = 0;
  private askedAt: Micros = 0;
  private sentAt: Micros = 0;
  private pause: Micros = 0;
  /** His connection broke with the last request. */
  private broken = false;

  /** `stays`: when he is wanted, at least once. He is to be woken when the first begins. */
  constructor(crew: Crew, number: number, stays: readonly Stay[]) {
    const { plan } = crew;
    const program = plan.programs[share(plan.weights, plan.seed, number, 'scenario')];
    if (program === undefined) throw new Error('a workload has at least one scenario');
    this.crew = crew;
    this.number = number;
    this.lane = plan.ownLanes ? number : SHARED_LANE;
    this.program = program;
    this.stays = stays;
    this.course = courseFrom(0, program);
  }

  /** Value of a variable: captured, or given from the start. */
  value(variable: string): string | undefined {
    return this.captured?.get(variable) ?? this.crew.plan.given(this.number, variable);
  }

  thoughts(): Random {
    this.thinking ??= random(this.crew.plan.seed, this.number, 'think');
    return this.thinking;
  }

  /** Whether a request was due before `end` that has not been sent. */
  overdue(end: Micros): boolean {
    return this.course.due < end;
  }

  wake(now: Micros): void {
    if (!this.present) this.enter();
    if (this.hop !== null) this.send(this.hop.draft, this.hop.title, now);
    else this.goOn(now);
  }

  sent(at: Micros): void {
    this.sentAt = at;
  }

  answered(answer: Answer, at: Micros): void {
    try {
      this.receive(answer, at);
      this.pause = 0;
    } catch (error) {
      this.crew.failed(error);
    }
    this.crew.settled(at);
  }

  /** A user holds back after he was refused, so that a dead target is not hammered; his next request is due when the pause is over. */
  refused(reason: RefusedReason, at: Micros): void {
    try {
      this.broken = true;
      this.pause = Math.min(LONGEST_PAUSE, this.pause * 2 || FIRST_PAUSE);
      const done = this.note({ kind: 'refused', reason }, at);
      this.settle(null, done);
      holdBack(this.course, done + this.pause);
    } catch (error) {
      this.crew.failed(error);
    }
    this.crew.settled(at);
  }

  lost(reason: LostReason, at: Micros): void {
    try {
      this.broken = true;
      this.pause = 0;
      this.settle(null, this.note({ kind: 'lost', reason }, at));
    } catch (error) {
      this.crew.failed(error);
    }
    this.crew.settled(at);
  }

  private goOn(now: Micros): void {
    this.request ??= nextRequest(this.course, this.program, this.leave(), this);
    if (this.request === null) {
      this.quit();
    } else if (this.course.free > now) {
      this.crew.agenda.sleep(this, this.course.free);
    } else {
      const draft = this.request.request.draft(this);
      if (draft === null) this.skip(now);
      else this.send(draft, this.request.request.title, now);
    }
  }

  private send(draft: Draft, title: Title, now: Micros): void {
    const { plan, counts, transport } = this.crew;
    if (this.course.due >= plan.end) {
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
    this.askedAt = now;
    this.sentAt = now;
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
    if (request === null || draft === null || title === null) throw new Error(`user ${this.number} got an answer to nothing`);
    let news = NO_NEWS;
    if (answer.setCookies.length > 0) {
      this.wallet ??= createWallet();
      news = take(this.wallet, plan.mint, answer.setCookies, draft.pathname, this.wallClock(at));
    }
    const hop =
      answer.status >= 300 && answer.status < 400 && this.hops < plan.redirects
        ? redirection(answer, plan.location, plan.site, { draft, title, bare: this.bare }, request.request, this)
        : null;
    const met = hop !== null || request.judge.met(answer);
    const done = this.note(plan.reader(answer, met, carried, news, this.recent), at);
    if (hop === null) request.judge.capture(answer, (variable, value) => this.keep(variable, value));
    this.settle(hop, done);
  }

  /** Hands the exchange over and returns when it was done. */
  private note(outcome: Outcome, at: Micros): Micros {
    const { journal } = this.crew;
    const { title, course } = this;
    if (title === null) throw new Error(`user ${this.number} was told the end of nothing`);
    const done = journal.instant(at);
    journal.note({
      kind: 'exchange',
      user: this.number,
      seq: this.seq,
      due: course.due,
      asked: this.askedAt,
      sent: this.sentAt,
      done,
      phase: this.crew.phaseAt(course.due),
      egress: this.exit,
      method: title.method,
      name: title.name,
      op: title.op,
      key: title.key,
      session: this.carried.tag,
      outcome,
    });
    this.seq += 1;
    return done;
  }

  /** The request is over: the user follows the redirect, or goes on in his flow. */
  private settle(hop: Ask | null, done: Micros): void {
    this.crew.counts.inFlight -= 1;
    this.text = '';
    this.hop = hop;
    this.hops = hop === null ? 0 : this.hops + 1;
    this.bare = hop?.bare === true;
    if (hop === null) {
      this.request = null;
      pass(this.course, done);
    } else {
      holdBack(this.course, done);
    }
    this.crew.agenda.ready(this);
  }

  private enter(): void {
    this.present = true;
    this.crew.counts.users += 1;
    this.course = courseFrom(Math.max(this.stays[0]?.join ?? 0, this.course.free), this.program);
  }

  /** Leaves, and comes back when he is wanted again. */
  private quit(): void {
    this.present = false;
    this.crew.counts.users -= 1;
    this.stays = this.stays.slice(1);
    const [stay] = this.stays;
    if (stay !== undefined) this.crew.agenda.sleep(this, stay.join);
  }

  /** The request is due after the last phase: it is not sent, and nothing after it. One that was due before may be sent a moment late. */
  private giveUp(): void {
    this.stays = [];
    this.quit();
  }

  /** The request leads to another origin for this user: it is not sent. */
  private skip(now: Micros): void {
    this.crew.counts.unstarted += 1;
    this.request = null;
    pass(this.course, now);
    holdBack(this.course, now + LONGEST_PAUSE);
    this.crew.agenda.ready(this);
  }

  /** A stay that lasts to the end of the run has no end: the user is there, thinking, when the run is over. */
  private leave(): Micros | null {
    const { open, end } = this.crew.plan;
    if (open) return null;
    const leave = this.stays[0]?.leave ?? 0;
    return leave < end ? leave : Number.POSITIVE_INFINITY;
  }

  private keep(variable: string, value: string): void {
    this.captured ??= new Map();
    this.captured.set(variable, value);
  }

  private wallClock(now: Micros): number {
    return this.crew.epoch + now / 1000;
  }
}
