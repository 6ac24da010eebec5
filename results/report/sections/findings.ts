// What users met, and what the tool doubts.

import type { Evidence } from '../../../model/measure.ts';
import type { Report } from '../../../model/report.ts';
import type { Block, Section } from '../document.ts';
import { fullName } from '../measure-text.ts';
import { moment } from '../quantities.ts';

/** Stories of one kind that are shown; the rest is in report.json. */
const SHOWN = 3;

export function evidenceSection({ evidence }: Report): Section | null {
  if (evidence.length === 0) return null;
  const kinds = new Map<string, Evidence[]>();
  for (const story of evidence) {
    const kind = fullName(story.measure, story.labels);
    kinds.set(kind, [...(kinds.get(kind) ?? []), story]);
  }
  return { title: 'Evidence', aside: '', blocks: [...kinds].flatMap(([kind, stories]) => tell(kind, stories)) };
}

function tell(kind: string, stories: readonly Evidence[]): readonly Block[] {
  const items = stories.slice(0, SHOWN).map(({ at, text }) => ({ lead: moment(at), text, tone: 'plain' as const }));
  const more = stories.length - items.length;
  const rest = more > 0 ? ` (${items.length} of ${stories.length} stories; all are in report.json)` : '';
  return [
    { kind: 'note', text: `${kind}${rest}` },
    { kind: 'items', items },
  ];
}

export function doubtsSection({ doubts }: Report): Section | null {
  if (doubts.length === 0) return null;
  const items = doubts.map(({ code, blocking, text }) => ({
    lead: blocking ? `${code} (blocks a pass)` : code,
    text,
    tone: blocking ? ('unknown' as const) : ('plain' as const),
  }));
  return { title: 'Doubts', aside: '', blocks: [{ kind: 'items', items }] };
}
