// What a worker does: it brings its share of the users, judges what they meet, and does as it is told.

import { fold } from '../../analysis/all.ts';
import { runShard } from '../../engine/run.ts';
import { type Signal, signal } from '../../engine/signal.ts';
import type { Controls, Coordinator, Live } from '../../engine/world.ts';
import type { Micros } from '../../model/units.ts';
import { createSpool } from '../../results/record/spool/spool.ts';
import { createTallies, type Tallies } from '../tally.ts';
import { carried } from './carried-error.ts';
import type { Assignment, Order, Word } from './messages.ts';
import type { Port } from './port.ts';

/** Waits for its assignment, and leaves when it is done with it. */
export function work(port: Port): void {
  const desk: Desk = { start: signal(), dismissed: signal(), controls: null, live: null, tallies: null };
  port.listen((order) => {
    if (order.kind === 'prepare') void bring(order.assignment, port, desk);
    else obey(order, port, desk);
  });
}

/** What there is to obey orders with. */
interface Desk {
  readonly start: Signal<Micros>;
  readonly dismissed: Signal<void>;
  controls: Controls | null;
  live: Live | null;
  tallies: Tallies | null;
}

async function bring(assignment: Assignment, port: Port, desk: Desk): Promise<void> {
  try {
    const judged = fold(assignment.setup);
    const tallies = createTallies(judged);
    const spool = assignment.recorded ? createSpool((batch) => port.say({ kind: 'batch', batch }, [batch.rows])) : null;
    desk.tallies = tallies;
    await runShard({
      ...assignment,
      coordinator: coordinatorOf(port, desk),
      onEntry(entry) {
        judged.step(entry);
        spool?.entry(entry);
        if (assignment.watched) tallies.note(entry);
      },
      onStart(live) {
        desk.live = live;
      },
    });
    spool?.flush();
    port.say({ kind: 'done', state: judged.encode() });
  } catch (error) {
    port.say({ kind: 'failed', error: carried(error) });
  }
  port.leave();
}

function coordinatorOf(port: Port, desk: Desk): Coordinator {
  return {
    ready(controls) {
      desk.controls = controls;
      port.say({ kind: 'ready' });
      return desk.start.promise;
    },
    drained() {
      port.say({ kind: 'drained' });
      return desk.dismissed.promise;
    },
  };
}

/** Orders other than `prepare` come after `ready`. */
function obey(order: Exclude<Order, { kind: 'prepare' }>, port: Port, desk: Desk): void {
  const { controls } = desk;
  if (controls === null) throw new Error(`told to ${order.kind} before it was ready`);
  switch (order.kind) {
    case 'start':
      desk.start.resolve(order.at);
      break;
    case 'hold':
      port.say({ kind: 'held', last: controls.hold() });
      break;
    case 'mark':
      controls.mark(order.mark);
      break;
    case 'cut':
      controls.cut(order.at);
      break;
    case 'look':
      port.say(seen(desk));
      break;
    case 'dismiss':
      desk.dismissed.resolve();
      break;
  }
}

function seen({ live, tallies }: Desk): Word {
  if (tallies === null) throw new Error('told to look before it was ready');
  const { users = 0, inFlight = 0, unstarted = 0 } = live ?? {};
  return { kind: 'seen', counts: { users, inFlight, unstarted }, tally: tallies.take() };
}
