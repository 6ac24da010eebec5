import { analyzerLaws } from './laws.ts';
import { timeline } from './timeline.ts';

analyzerLaws(timeline);
