import { analyzerLaws } from './laws.ts';
import { requests } from './requests.ts';

analyzerLaws(requests);
