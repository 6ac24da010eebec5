import { describe, expect, it } from 'vitest';
import type { RunFooter, RunHeader } from '../../model/record.ts';
import { footerLine, headerLine, parseEvents } from './events.ts';

const header = headerLine({ kind: 'run' } as RunHeader);

describe('the last line of the events', () => {
  it('tells which workers were lost', () => {
    const footer: RunFooter = {
      kind: 'end',
      at: 9,
      ended: 'finished',
      missing: [{ shard: { index: 1, of: 2 }, users: null, reason: 'SIGKILL' }],
    };
    expect(parseEvents(header + footerLine(footer), 'events.ndjson').footer).toEqual(footer);
  });

  it('says that none was lost where it is silent', () => {
    const silent = '{"kind":"end","at":9,"ended":"finished"}\n';
    expect(parseEvents(header + silent, 'events.ndjson').footer).toEqual({ kind: 'end', at: 9, ended: 'finished', missing: [] });
  });
});
