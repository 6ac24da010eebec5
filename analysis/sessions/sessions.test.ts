import { analyzerLaws } from '../laws.ts';
import { sessions } from './sessions.ts';

analyzerLaws(sessions);
