// Shows on stderr how a run is getting on: redrawn on a terminal, a plain line now and then otherwise.

import type { Live } from '../engine/world.ts';
import { type ProgressView, progressDisplay, progressLine } from '../results/progress.ts';
import { look } from './look.ts';
import type { Pace } from './pace.ts';
import { say } from './say.ts';

export interface Progress {
  begin(live: Live): void;
  /** Takes the display away. */
  end(): void;
}

const REDRAW_MS = 500;
const LINE_MS = 5_000;
export const NO_PROGRESS: Progress = { begin: () => {}, end: () => {} };

/** `quiet` shows nothing. */
export function createProgress(pace: Pace, quiet: boolean): Progress {
  if (quiet) return NO_PROGRESS;
  return process.stderr.isTTY === true && process.env['TERM'] !== 'dumb' ? redrawn(pace) : inLines(pace);
}

function inLines(pace: Pace): Progress {
  return every(
    LINE_MS,
    pace,
    (view) => say(progressLine(view)),
    () => {},
  );
}

/** Draws over itself: up as many lines as were drawn, each cleared before it is written. The cursor hides meanwhile, and comes back on every way out. */
function redrawn(pace: Pace): Progress {
  let drawn = 0;
  const wipe = (): string => (drawn === 0 ? '' : `\x1b[${drawn}A\x1b[J`);
  const showCursor = (): void => {
    process.stderr.write('\x1b[?25h');
  };
  const draw = (view: ProgressView): void => {
    const lines = progressDisplay(view, look(process.stderr).width);
    process.stderr.write(`${wipe()}\x1b[?25l${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  process.once('exit', showCursor);
  return every(REDRAW_MS, pace, draw, () => {
    process.stderr.write(wipe());
    drawn = 0;
    showCursor();
    process.off('exit', showCursor);
  });
}

/** Looking takes time from the users: it may take a twentieth of the generator's at most, so a long look is followed by a long pause. Workers look at the same time. */
const SHARE = 20;

function every(milliseconds: number, pace: Pace, show: (view: ProgressView) => void, end: () => void): Progress {
  let timer: NodeJS.Timeout | null = null;
  let over = false;
  const look = async (live: Live): Promise<void> => {
    const start = performance.now();
    const view = await pace.view(live);
    if (over) return;
    show(view);
    later(live, Math.max(milliseconds, SHARE * (performance.now() - start)));
  };
  const later = (live: Live, wait: number): void => {
    timer = setTimeout(() => void look(live), wait);
  };
  return {
    begin: (live) => later(live, milliseconds),
    end() {
      over = true;
      if (timer !== null) clearTimeout(timer);
      end();
    },
  };
}
