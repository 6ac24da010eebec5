import { describe, expect, it } from 'vitest';
import { type Entry, type FaultEvent, instant, type Pulse } from '../model/entry.ts';
import { closed } from './fixtures/fake-world.ts';
import { createJournal } from './journal.ts';
import { timetable } from './plan/timetable.ts';

const pulse = (at: number): Pulse => ({ kind: 'pulse', worker: 0, at, users: 0, inFlight: 0, unstarted: 0, utilisation: 0 });

function journalOf() {
  const entries: Entry[] = [];
  const journal = createJournal(timetable([closed(1, 1, 100, 'one'), closed(1, 1, 100, 'two')]), (entry) => entries.push(entry));
  const note = (at: number) => journal.note(pulse(journal.instant(at)));
  const told = () => entries.map((entry) => `${entry.kind === 'phase' ? `${entry.name} ${entry.stage}` : entry.kind} ${instant(entry)}`);
  return { journal, note, told };
}

describe('the journal', () => {
  it('puts the marks of phases where they were planned, before whatever comes later', () => {
    const { note, told } = journalOf();
    note(30);
    note(250);
    expect(told()).toEqual(['one began 0', 'pulse 30', 'one ended 100', 'two began 100', 'two ended 200', 'pulse 250']);
  });

  it('never goes back: what was seen with an older reading of the clock takes the instant of the last entry', () => {
    const { note, told } = journalOf();
    note(30);
    note(28);
    note(31);
    expect(told()).toEqual(['one began 0', 'pulse 30', 'pulse 30', 'pulse 31']);
  });

  it('ends the phase that holds when it is cut, and tells no other', () => {
    const { journal, note, told } = journalOf();
    note(130);
    journal.cut(150);
    note(300);
    expect(told()).toEqual(['one began 0', 'one ended 100', 'two began 100', 'pulse 130', 'two ended 150', 'pulse 300']);
  });

  it('ends no phase twice', () => {
    const { journal, told } = journalOf();
    journal.cut(500);
    expect(told()).toEqual(['one began 0', 'one ended 100', 'two began 100', 'two ended 200']);
  });
});

describe('a journal that is held', () => {
  const mark = (at: number): FaultEvent => ({ kind: 'fault', at, fault: 0, action: 'kill', target: 'a', stage: 'began', detail: '' });

  it('lets entries wait, and puts the mark where it belongs among them', () => {
    const { journal, note, told } = journalOf();
    note(30);
    expect(journal.hold()).toBe(30);
    note(40);
    note(60);
    expect(told()).toEqual(['one began 0', 'pulse 30']);
    journal.admit(mark(50));
    note(70);
    expect(told()).toEqual(['one began 0', 'pulse 30', 'pulse 40', 'fault 50', 'pulse 60', 'pulse 70']);
  });

  it('puts the mark before entries of the same instant and behind phases of the same instant', () => {
    const { journal, note, told } = journalOf();
    note(30);
    journal.hold();
    note(100);
    journal.admit(mark(100));
    expect(told()).toEqual(['one began 0', 'pulse 30', 'one ended 100', 'two began 100', 'fault 100', 'pulse 100']);
  });

  it('takes no later entry to be earlier than the mark', () => {
    const { journal, note, told } = journalOf();
    note(30);
    journal.hold();
    journal.admit(mark(50));
    note(40);
    expect(told()).toEqual(['one began 0', 'pulse 30', 'fault 50', 'pulse 50']);
  });

  it('that is cut before a phase which passed meanwhile ends the phase at the cut, and not where it was planned', () => {
    const { journal, note, told } = journalOf();
    note(30);
    journal.hold();
    note(40);
    note(120);
    expect(journal.cut(90)).toBe(90);
    note(250);
    expect(told()).toEqual(['one began 0', 'pulse 30', 'pulse 40', 'one ended 90', 'pulse 120', 'pulse 250']);
  });
});
