import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MeasureName } from '../../model/catalogue.ts';
import type { Measure } from '../../model/measure.ts';
import type { Report, RunEnd } from '../../model/report.ts';
import { fail, hostile, pass, unknown } from '../fixtures/reports.ts';
import { reportJson } from './json.ts';
import { reportJunit } from './junit.ts';
import { reportMarkdown } from './markdown.ts';
import { reportText } from './text.ts';
import { columnsOf } from './visible.ts';

const reports = { pass, fail, unknown, hostile };
const files = ['report.json', 'report.md', 'workload.yml', 'exchanges.parquet', 'events.ndjson', 'logs'];
const folder = { path: 'runs/20260102T030405Z-jvm_route', name: 'latest', files };

describe.each(Object.entries(reports))('the report `%s`', (name, report) => {
  const golden = (look: string): string => `../fixtures/${name}.${look}`;

  it('as text of 80 columns', async () => {
    await expect(reportText(report, { colour: false, width: 80, folder })).toMatchFileSnapshot(golden('80.txt'));
  });

  it('as text of 120 columns', async () => {
    await expect(reportText(report, { colour: false, width: 120, folder: null })).toMatchFileSnapshot(golden('120.txt'));
  });

  it('as text in colour', async () => {
    await expect(reportText(report, { colour: true, width: 80, folder })).toMatchFileSnapshot(golden('colour.txt'));
  });

  it('as Markdown', async () => {
    await expect(reportMarkdown(report)).toMatchFileSnapshot(golden('md'));
  });

  it('as JUnit', async () => {
    await expect(reportJunit(report)).toMatchFileSnapshot(golden('xml'));
  });

  it('as JSON', async () => {
    await expect(reportJson(report)).toMatchFileSnapshot(golden('json'));
  });

  it('says the same in colour as without', () => {
    const coloured = reportText(report, { colour: true, width: 80, folder });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(reportText(report, { colour: false, width: 80, folder }));
  });

  it('never runs over the width it is given', () => {
    for (const width of [40, 41, 47, 60, 72, 80, 99, 120, 140]) {
      const lines = reportText(report, { colour: false, width, folder }).split('\n');
      expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
    }
  });

  it('parses back from JSON to what it was', () => {
    expect(JSON.parse(reportJson(report))).toEqual(report);
  });
});

const controls = /[^\n -~\u00a0-\u{10ffff}]|[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe('what comes from outside', () => {
  it('reaches no look as a control, bidi or zero-width character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const report: Report = { ...pass, answer: text, run: { ...pass.run, name: text, target: text } };
        for (const look of [reportText(report, { colour: false, width: 80, folder }), reportMarkdown(report), reportJunit(report)])
          expect(look.match(controls)).toBe(null);
      }),
      { numRuns: 50 },
    );
  });
});

describe('JSON', () => {
  it('does not depend on the order in which a report was built', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, inner]) => [key, turned(inner)]),
      );
    };
    expect(reportJson(turned(pass) as Report)).toBe(reportJson(pass));
  });
});

describe('the set-up in one line', () => {
  it('speaks of one user, one threshold and one connection as of one', () => {
    const ceiling = { tool: 'autocannon', connections: 1, requestsPerSecond: 900, p50: 1_000, p99: 2_000 };
    const report: Report = { ...fail, run: { ...fail.run, users: 1, ceiling }, thresholds: fail.thresholds.slice(0, 1) };
    const lines = reportText(report, { colour: false, width: 140, folder: null }).split('\n');
    expect(lines.filter((line) => /^FAIL|^1 user|ceiling/.test(line))).toEqual([
      'FAIL  office: 1 of 1 threshold failed',
      '1 user for 10 min 5 s on the real lab (ip_hash), seed 1',
      '  ceiling   900/s of one bare request without users, over 1 connection (autocannon): p50 1.00 ms, p99 2.00 ms',
    ]);
  });

  it('says how a run ended that did not finish', () => {
    const setting = (ended: RunEnd): string | undefined =>
      reportText({ ...pass, run: { ...pass.run, ended } }, { colour: false, width: 120, folder: null }).match(/^200 users.*$/m)?.[0];
    const ends: readonly RunEnd[] = ['finished', 'interrupted', 'broken', 'cut'];
    expect(ends.map(setting)).toEqual([
      '200 users for 35.2 s on the embedded lab, seed 1',
      '200 users for 35.2 s on the embedded lab, seed 1, interrupted',
      '200 users for 35.2 s on the embedded lab, seed 1, but the lab died',
      '200 users for 35.2 s on the embedded lab, seed 1, cut: the tool was killed',
    ]);
  });
});

describe('where to look closer', () => {
  const closer = (files: readonly string[]): string => {
    const text = reportText(pass, { colour: false, width: 100, folder: { ...folder, files } });
    return text.slice(text.indexOf('Look closer'));
  };

  it('offers the record where there is one', () => {
    expect(closer(['report.json', 'exchanges.parquet', 'events.ndjson'])).toMatchInlineSnapshot(`
      "Look closer
        stickybench show latest --user 42  the history of user 42
        stickybench analyze latest         judges the record again
        runs/20260102T030405Z-jvm_route    report.json, exchanges.parquet, events.ndjson
      "
    `);
  });

  it('offers nothing that needs a record where there is none', () => {
    expect(closer(['report.json', 'report.md', 'workload.yml'])).toMatchInlineSnapshot(`
      "Look closer
        runs/20260102T030405Z-jvm_route  report.json, report.md, workload.yml
      "
    `);
    expect(closer(['report.json', 'events.ndjson'])).toMatchInlineSnapshot(`
      "Look closer
        runs/20260102T030405Z-jvm_route  report.json, events.ndjson
      "
    `);
  });
});

describe('the warm-up', () => {
  const phases = [
    { name: 'warm-up', warmup: true },
    { name: 'measured', warmup: false },
    { name: 'rush', warmup: false },
  ];
  const inPhase = (phase: string): readonly Measure[] =>
    pass.measures
      .filter(({ labels }) => labels['phase'] === 'steady')
      .map((measure) => ({ ...measure, labels: { ...measure.labels, phase } }));
  const rushed = inPhase('rush').map((measure) => ({ ...measure, value: measure.value === null ? null : measure.value * 2 }));
  const steady = pass.measures.filter(({ labels }) => labels['phase'] !== 'steady');
  const measures = [...steady, ...inPhase('measured').map((measure) => ({ ...measure, n: 9 })), ...rushed];
  const text = reportText({ ...pass, setup: { ...pass.setup, phases }, measures }, { colour: false, width: 120, folder: null });
  const section = (title: string): string => text.slice(text.indexOf(`\n${title}`) + 1).split('\n\n')[0] ?? '';

  it('stands last, and the whole is not called by the name of a phase', () => {
    expect(section('Requests')).toMatchInlineSnapshot(`
      "Requests  sight L0
                              measured  phase measured     rush  warm-up
        total                   84,512          84,512  169,024    8,120
        ok                      84,449          84,449  168,898    8,120
        failed                      41              41       82        0
          connection-refused        41              41       82
        unknown                     22              22       44        0
          status 502                19              19       38
          reset                      3               3        6
        ok per second          2,815/s         2,815/s  5,630/s  1,624/s
        measured: without warm-up"
    `);
  });

  it('stands below no whole that leaves it out', () => {
    expect(section('Latency')).toMatchInlineSnapshot(`
      "Latency  sight L0 to L1
                               p50      p90      p95      p99    p99.9      max     mean     min
        felt (measured)     812 µs  1.90 ms  2.61 ms  4.21 ms  11.9 ms   1.00 s   996 µs  310 µs
          tomcat01          807 µs  1.89 ms  2.59 ms  4.10 ms  10.9 ms  41.0 ms   987 µs  310 µs
          tomcat02          815 µs  1.91 ms  2.62 ms  4.29 ms  12.1 ms   1.00 s  1.00 ms  311 µs
          phase measured    812 µs  1.90 ms  2.61 ms  4.21 ms  11.9 ms   1.00 s   996 µs  310 µs
          rush             1.62 ms  3.81 ms  5.22 ms  8.43 ms  23.8 ms   2.01 s  1.99 ms  620 µs
        served (measured)   640 µs  1.51 ms  2.10 ms  3.50 ms  9.90 ms   1.00 s   790 µs  288 µs
          phase measured    640 µs  1.51 ms  2.10 ms  3.50 ms  9.90 ms   1.00 s   790 µs  288 µs
          rush             1.28 ms  3.02 ms  4.21 ms  7.00 ms  19.8 ms   2.01 s  1.58 ms  576 µs
        felt, warm-up       990 µs  2.20 ms  3.02 ms  5.51 ms  14.0 ms  22.1 ms  1.20 ms  340 µs"
    `);
  });
});

describe('what is not observable', () => {
  const unseen = (measures: readonly Measure[]): readonly Measure[] =>
    measures.map((measure) => ({ ...measure, value: null, interval: null, bound: 'not observable' as const }));

  it('is told in one line for a section, whatever it holds', () => {
    const report: Report = { ...pass, thresholds: [], evidence: [], faults: [], measures: unseen(pass.measures) };
    const { text, markdown } = {
      text: reportText(report, { colour: false, width: 40, folder: null }),
      markdown: reportMarkdown(report),
    };
    expect(text.slice(text.indexOf('\nRequests'), text.indexOf('\nRun'))).toMatchInlineSnapshot(`
      "
      Requests  not observable

      Affinity  not observable

      Sessions  not observable

      Users who lost their session
        not observable

      Safety  not observable

      Latency  not observable

      Balance  not observable

      Generator  not observable
      "
    `);
    expect(markdown.slice(markdown.indexOf('## Affinity'), markdown.indexOf('## Sessions'))).toBe('## Affinity\n\n*not observable*\n\n');
  });

  it('stays beside what was seen', () => {
    const raw = unseen(pass.measures.filter(({ name, labels }) => name === 'affinity.raw' && Object.keys(labels).length === 0));
    const switches = pass.measures.filter(({ name }) => name === 'affinity.switches');
    const text = reportText({ ...pass, measures: [...raw, ...switches] }, { colour: false, width: 80, folder: null });
    expect(text).toContain('Affinity  sight L1\n  raw       not observable\n  switches              98\n');
  });

  it('is told once in a threshold: by its reason, where it has one', () => {
    const [first] = unknown.thresholds;
    if (first === undefined) throw new Error('the report has thresholds');
    const thresholds = ['not observable', '', 'not measured in this run'].map((reason) => ({ ...first, value: null, reason }));
    const text = reportText({ ...unknown, thresholds }, { colour: false, width: 100, folder: null });
    expect(text.slice(text.indexOf('Thresholds'), text.indexOf('\n\nRequests'))).toMatchInlineSnapshot(`
      "Thresholds  3 unknown
        threshold                           verdict        measured
        affinity.correctness: value>=0.999  unknown  not observable
        affinity.correctness: value>=0.999  unknown  not observable
        affinity.correctness: value>=0.999  unknown                  not measured in this run"
    `);
  });
});

describe('a measure that nobody laid out', () => {
  it('is shown by its name, with its labels, whatever they are', () => {
    const novel: Measure = {
      name: 'staleness.k' as MeasureName,
      labels: { region: 'north' },
      value: 3,
      unit: 'requests',
      n: 40,
      interval: null,
      sight: 'L3',
      bound: 'lower',
    };
    const text = reportText({ ...pass, measures: [novel] }, { colour: false, width: 80, folder: null });
    expect(text).toContain('Staleness\n  k, region north  at least 3  of 40\n');
  });

  it('every measure of a report is somewhere in its text', () => {
    const marked = pass.measures.map((measure, place) => ({
      ...measure,
      value: 1_000_003 + 7 * place,
      unit: 'events' as const,
      interval: null,
    }));
    const text = reportText({ ...pass, measures: marked }, { colour: false, width: 140, folder: null });
    const hidden = marked.filter(({ value }) => !text.includes(value.toLocaleString('en-US')));
    // Over a single fault, the rate over all faults says the same again; the statistic `max` is the quantile 1.
    expect(hidden.filter(({ name, labels }) => name !== 'session.loss_rate' && labels['stat'] !== 'max')).toEqual([]);
  });

  it('is left out where it would be told twice', () => {
    const text = reportText(pass, { colour: false, width: 100, folder: null });
    const section = (title: string): string => text.slice(text.indexOf(`\n${title}`) + 1).split('\n\n')[0] ?? '';
    expect(section('Affinity')).toMatchInlineSnapshot(`
      "Affinity  sight L1
        correctness                   1  (0.99995–1) of 84,101
          address key unchanged       1  (0.9999–1) of 70,870
          address key changed         1  (0.9997–1) of 13,231
        raw                      0.9982  (0.9979–0.9985) of 84,249
          address key unchanged  0.9981  (0.9978–0.9984) of 71,002
          address key changed    0.9988  (0.998–0.9993) of 13,247
        eligible                 84,249
        violations                    0  of 84,101 (at most 0.005 %)
        justified                   148
        switches                     98
        sticky users                  1  (0.9812–1) of 200"
    `);
    expect(section('Latency')).toMatchInlineSnapshot(`
      "Latency  sight L0 to L1
                            p50      p90      p95      p99    p99.9      max     mean     min
        felt (steady)    812 µs  1.90 ms  2.61 ms  4.21 ms  11.9 ms   1.00 s   996 µs  310 µs
          tomcat01       807 µs  1.89 ms  2.59 ms  4.10 ms  10.9 ms  41.0 ms   987 µs  310 µs
          tomcat02       815 µs  1.91 ms  2.62 ms  4.29 ms  12.1 ms   1.00 s  1.00 ms  311 µs
        served (steady)  640 µs  1.51 ms  2.10 ms  3.50 ms  9.90 ms   1.00 s   790 µs  288 µs
        felt, warm-up    990 µs  2.20 ms  3.02 ms  5.51 ms  14.0 ms  22.1 ms  1.20 ms  340 µs"
    `);
  });
});
