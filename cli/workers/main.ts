// The module that a worker runs, as a thread or as a process.

import { portToMain } from './port.ts';
import { work } from './work.ts';

work(portToMain());
