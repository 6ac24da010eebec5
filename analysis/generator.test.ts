import { generator } from './generator.ts';
import { analyzerLaws } from './laws.ts';

analyzerLaws(generator);
