// What was run, on what, to run it again.

import type { Ceiling, Report } from '../../../model/report.ts';
import type { Item, Section } from '../document.ts';
import { counted, quantity, time } from '../quantities.ts';

export function runSection({ run, setup }: Report): Section {
  const versions = Object.entries(run.versions).map(([program, version]) => `${program} ${version}`);
  const items = [
    item('workload', run.description === '' ? run.name : `${run.name}: ${run.description}`),
    item('lab', run.labReason === '' ? run.lab : `${run.lab}: ${run.labReason}`),
    item('target', run.target),
    item('backends', setup.backends.length === 0 ? 'not told' : setup.backends.join(', ')),
    item('started', run.startedAt),
    item('versions', versions.length === 0 ? 'not told' : versions.join(', ')),
    ...(run.workers.count === 1 ? [] : [item('workers', `${run.workers.count} ${run.workers.as}`)]),
    ...(run.ceiling === null ? [] : [item('ceiling', ceilingText(run.ceiling))]),
  ];
  return { title: 'Run', aside: '', blocks: [{ kind: 'items', items }] };
}

function item(lead: string, text: string): Item {
  return { lead, text, tone: 'quiet' };
}

function ceilingText({ tool, connections, requestsPerSecond, p50, p99 }: Ceiling): string {
  const rate = quantity(requestsPerSecond, 'requests/s');
  return `${rate} of one bare request without users, over ${counted(connections, 'connection')} (${tool}): p50 ${time(p50)}, p99 ${time(p99)}`;
}
