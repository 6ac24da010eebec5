// The names of everything that is measured. Names are API: thresholds, reports and exports use them.

export type Unit = 'requests' | 'requests/s' | 'us' | 'fraction' | 'ratio' | 'sessions' | 'users' | 'events' | 'backends' | 'bytes';

export interface CatalogueEntry {
  readonly unit: Unit;
  /** Labels a threshold may ask for. */
  readonly labels: readonly string[];
  /** What the number says, in one line. */
  readonly meaning: string;
}

export const CATALOGUE = {
  'requests.total': { unit: 'requests', labels: ['phase'], meaning: 'request attempts' },
  'requests.ok': { unit: 'requests', labels: ['phase'], meaning: 'answered as the workload expects' },
  'requests.failed': { unit: 'requests', labels: ['phase', 'reason'], meaning: 'certainly not executed: refused, or an unexpected 4xx' },
  'requests.unknown': {
    unit: 'requests',
    labels: ['phase', 'reason'],
    meaning: 'perhaps executed: lost, an unexpected 5xx, or another unmet expectation',
  },
  'throughput.ok': { unit: 'requests/s', labels: ['phase'], meaning: 'ok requests per second of the phase' },
  'latency.felt': {
    unit: 'us',
    labels: ['quantile', 'stat', 'phase', 'backend'],
    meaning: 'done minus due: what a user felt, waiting for the generator included',
  },
  'latency.served': { unit: 'us', labels: ['quantile', 'stat', 'phase', 'backend'], meaning: 'done minus sent: what the server did' },
  'affinity.correctness': { unit: 'fraction', labels: ['key'], meaning: '1 - violations / (eligible - justified)' },
  'affinity.raw': { unit: 'fraction', labels: ['key', 'window'], meaning: 'hits / eligible' },
  'affinity.eligible': {
    unit: 'requests',
    labels: ['key', 'window'],
    meaning: 'ok requests with a live session, answered by a known backend',
  },
  'affinity.violations': { unit: 'requests', labels: ['key'], meaning: 'misses while the home was up' },
  'affinity.justified': { unit: 'requests', labels: ['key'], meaning: 'misses excused because the home was down or shunned' },
  'affinity.switches': { unit: 'events', labels: [], meaning: 'consecutive eligible requests of one user answered by different backends' },
  'affinity.sticky_users': { unit: 'fraction', labels: [], meaning: 'users without a violation among users with an eligible request' },
  'session.created': { unit: 'sessions', labels: [], meaning: 'sessions created' },
  'session.lost': { unit: 'events', labels: ['cause'], meaning: 'session loss events: the first evidence per user and session' },
  'session.expired': { unit: 'events', labels: [], meaning: 'sessions that ended by their idle timeout: not a loss' },
  'session.echoes': { unit: 'requests', labels: [], meaning: 'later evidence of a loss already counted: requests that were in flight' },
  'session.forks': { unit: 'sessions', labels: [], meaning: 'orphans: sessions made by concurrent requests of one user without a cookie' },
  'session.orphans': {
    unit: 'sessions',
    labels: [],
    meaning: 'sessions that nobody carries on: made by forks and by echoes of a loss',
  },
  'session.dormant': {
    unit: 'users',
    labels: ['fault'],
    meaning: 'users of the hurt backend who sent nothing until it was back and lost nothing',
  },
  'session.loss_rate': {
    unit: 'fraction',
    labels: ['fault', 'group'],
    meaning:
      'users who lost their session in the failover, among users homed on the hurt backend (group hurt) or elsewhere (group control)',
  },
  'safety.leaks': { unit: 'events', labels: [], meaning: "requests that showed one user another user's session" },
  'balance.peak_to_mean': { unit: 'ratio', labels: ['by', 'window'], meaning: 'load of the busiest backend over the mean' },
  'balance.cv': { unit: 'ratio', labels: ['by', 'window'], meaning: 'coefficient of variation of the load over backends' },
  'balance.jain': { unit: 'ratio', labels: ['by', 'window'], meaning: "Jain's fairness index of the load over backends" },
  'balance.effective_nodes': { unit: 'backends', labels: ['by', 'window'], meaning: 'number of backends over peak to mean' },
  'balance.load': { unit: 'requests', labels: ['by', 'window', 'backend'], meaning: 'requests or users per backend' },
  'generator.lag': {
    unit: 'us',
    labels: ['quantile', 'stat'],
    meaning: 'asked minus the later of due and the end of the previous request: lateness of the generator',
  },
  'generator.late': { unit: 'fraction', labels: [], meaning: 'requests with more than 10 ms of lag' },
  'generator.unstarted': { unit: 'requests', labels: [], meaning: 'requests that were due and never started' },
  'generator.utilisation': { unit: 'fraction', labels: ['stat'], meaning: 'busy share of the event loop' },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type MeasureName = keyof typeof CATALOGUE;
