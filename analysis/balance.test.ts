import { balance } from './balance.ts';
import { analyzerLaws } from './laws.ts';

analyzerLaws(balance);
