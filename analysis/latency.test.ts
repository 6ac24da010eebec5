import { latency } from './latency.ts';
import { analyzerLaws } from './laws.ts';

analyzerLaws(latency);
