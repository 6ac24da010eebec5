import { analyzerLaws } from './laws.ts';
import { leaks } from './leaks.ts';

analyzerLaws(leaks);
